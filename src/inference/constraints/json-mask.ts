import { readSchema } from "./json-schema.ts";
import { valueOf } from "./json-grammar.ts";
import { advance, endState, type State } from "./text-grammar.ts";
import type { TokenMask, Vocabulary } from "./token-mask.ts";

/** Holds an answer to JSON of a schema, on the fewest lines. Throws LORAG_SCHEMA. */
export function jsonMask(schema: unknown, vocabulary: Vocabulary): TokenMask {
  let states: readonly State[] = valueOf(readSchema(schema), () => [endState]);
  return {
    allows(token) {
      if (vocabulary.endIds.has(token)) return states.some(({ isEnd }) => isEnd);
      const text = vocabulary.textOf(token);
      return text !== "" && advance(states, text).length > 0;
    },
    accept(token) {
      if (!vocabulary.endIds.has(token)) states = advance(states, vocabulary.textOf(token));
    },
  };
}
