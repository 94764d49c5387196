import type { Example } from "../../contracts/index.ts";
import { encodingFault } from "./encoding.ts";
import { htmlRemains } from "./html-remains.ts";
import { findPersonalData } from "./personal-data.ts";

export interface TextCheckOptions {
  /** Longest example, in characters; a token has about four. */
  mostCharacters: number;
  names: string[];
}

/** Looks at one example by itself: what it finds, in words, each with the text it is in. */
export type TextCheck = (example: Example, options: TextCheckOptions) => string[];

export const textsOf = ({ prompt, completion, rejected }: Example): string[] => [
  ...prompt.map(({ content }) => content),
  completion,
  ...(rejected === undefined ? [] : [rejected]),
];

const inEach =
  (find: (text: string) => string | undefined): TextCheck =>
  (example) =>
    textsOf(example).flatMap((text) => find(text) ?? []);

/** By the name under which findings are told. */
export const textChecks = {
  "too-long": (example, { mostCharacters }) => {
    const length = textsOf(example).reduce((sum, text) => sum + text.length, 0);
    return length > mostCharacters ? [`${length} characters`] : [];
  },
  encoding: inEach(encodingFault),
  html: inEach(htmlRemains),
  "personal-data": (example, { names }) =>
    textsOf(example).flatMap((text) =>
      findPersonalData(text, names).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`),
    ),
} satisfies Record<string, TextCheck>;
