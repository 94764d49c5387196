import { areaOf, contains, intersect, type Box } from "./box.ts";
import type { Drawn } from "./pen.ts";

type Text = Drawn & { kind: "text" };

/** A stretch of drawn text, and why nobody sees it; undefined where it is seen. */
export interface Shown {
  characters: string;
  why: string | undefined;
}

/** Comparisons of texts with areas are a product: a map of a city has 100,000 areas. */
const mostCompared = 4_000_000;

/** Which texts of a page nobody sees, in the order in which they are drawn. `page` is the part that is shown. */
export function findHidden(drawn: Drawn[], page: Box): Shown[] {
  const texts = drawn.flatMap((each, at) => (each.kind === "text" ? [{ text: each, at }] : []));
  const pictures = drawn.filter(({ kind }) => kind === "picture").map(({ box }) => intersect(box, page));
  const letters = (some: { text: Text }[]): number =>
    some.reduce((sum, { text }) => sum + text.characters.trim().length, 0);
  const invisible = texts.filter(({ text }) => text.isInvisible);
  // A program that reads a scan puts what it read over the picture, invisibly: that text is the page's own.
  const isScan =
    pictures.reduce((sum, picture) => sum + areaOf(picture), 0) >= 0.5 * areaOf(page) &&
    letters(invisible) > letters(texts) / 2;
  const background = createBackground(drawn, texts.length);
  return texts.map(({ text, at }) => {
    const why = (): string | undefined => {
      if (text.characters.trim() === "") return undefined;
      if (text.isLayerOff) return "in a layer that is off";
      if (isApart(text.box, page) || isApart(text.box, text.clip)) return "outside the page";
      if (text.isInvisible)
        return isScan && pictures.some((picture) => !isApart(text.box, picture))
          ? undefined
          : "drawn invisibly";
      return text.alpha < 0.02 ? "transparent" : background(text, at);
    };
    return { characters: text.characters, why: why() };
  });
}

const isApart = (a: Box, b: Box): boolean =>
  a.right < b.left - 1 || a.left > b.right + 1 || a.top < b.bottom - 1 || a.bottom > b.top + 1;

/** Whether a text has the colour of what is under it, or lies under something. */
function createBackground(drawn: Drawn[], texts: number): (text: Text, at: number) => string | undefined {
  const grounds = drawn.flatMap((each, at) => (each.kind === "text" ? [] : [{ ...each, at }]));
  const areas = grounds.filter((each) => each.kind === "area");
  if (grounds.length * texts > mostCompared) return () => undefined;
  const covers = areas.filter(({ color }) => color !== undefined);
  return ({ box, color }, at) => {
    if (color !== undefined && (isNear(color, white) || covers.some((each) => isNear(color, each.color!)))) {
      const middle = [(box.left + box.right) / 2, (box.bottom + box.top) / 2] as const;
      const under = grounds.findLast((each) => each.at < at && holds(each.box, middle));
      if (!under && isNear(color, white)) return "white on white";
      if (under?.kind === "area" && under.color !== undefined && isNear(color, under.color))
        return "in the colour of its background";
    }
    return covers.some((each) => each.at > at && contains(each.box, box)) ? "covered" : undefined;
  };
}

const white = "#ffffff";

const holds = (box: Box, [x, y]: readonly [number, number]): boolean =>
  x >= box.left && x <= box.right && y >= box.bottom && y <= box.top;

/** Of two colours as `#rrggbb`. */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  return [1, 3, 5].every(
    (at) =>
      Math.abs(Number.parseInt(a.slice(at, at + 2), 16) - Number.parseInt(b.slice(at, at + 2), 16)) <= 10,
  );
}
