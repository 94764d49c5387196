/** Items by their place, in memory or on the disk: one at a time is looked at. An array is one. */
export interface List<Item> {
  readonly length: number;
  at(index: number): Item | undefined;
}

export function* itemsOf<Item>(list: List<Item>): Generator<Item> {
  for (let index = 0; index < list.length; index++) yield list.at(index)!;
}

/** What `change` makes of the items, each time one is looked at; of those, too, that are added to the list later. */
export const mapList = <Item, Made>(list: List<Item>, change: (item: Item) => Made): List<Made> => ({
  get length() {
    return list.length;
  },
  at: (index) => (index < list.length ? change(list.at(index)!) : undefined),
});

/** One list after another. */
export function joinLists<Item>(lists: List<Item>[]): List<Item> {
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  const at = (index: number): Item | undefined => {
    let place = index;
    for (const list of lists) {
      if (place < list.length) return list.at(place);
      place -= list.length;
    }
    return undefined;
  };
  return { length, at };
}

/** The items at some places. */
export const pickList = <Item>(list: List<Item>, places: readonly number[]): List<Item> =>
  mapList(places, (place) => list.at(place)!);
