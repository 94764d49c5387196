/**
 * A grammar as what may follow: a state takes a character to the states after it, none where it may not come. Several
 * states at once are the ways in which the text so far can be read. Grammars are built from their end: each part is
 * given what comes after it.
 */
export interface State {
  step(char: string): readonly State[];
  /** The text may end here. */
  isEnd?: true;
}

export type Then = () => readonly State[];

export const endState: State = { step: () => [], isEnd: true };

/** The states after a text. Each code unit is a character. */
export function advance(states: readonly State[], text: string): readonly State[] {
  let current = states;
  for (let i = 0; i < text.length && current.length > 0; i++) {
    const char = text[i]!;
    current =
      current.length === 1 ? current[0]!.step(char) : distinct(current.flatMap((state) => state.step(char)));
  }
  return current;
}

/** Exactly this text. */
export function literal(text: string, then: Then, at = 0): readonly State[] {
  if (at === text.length) return then();
  return [{ step: (char) => (char === text[at] ? literal(text, then, at + 1) : []) }];
}

/** Any of these. */
export const either = (...ways: Then[]): readonly State[] => ways.flatMap((way) => way());

/** One character of a kind. */
export const oneOf = (takes: (char: string) => boolean, then: Then): readonly State[] => [
  { step: (char) => (takes(char) ? then() : []) },
];

const distinct = (states: State[]): State[] => (states.length < 2 ? states : [...new Set(states)]);
