import type { Constraint } from "../../contracts/index.ts";
import { groundedMask } from "./grounded-mask.ts";
import { jsonMask } from "./json-mask.ts";
import type { TokenMask, Vocabulary } from "./token-mask.ts";

/** What makes the mask of each kind of constraint: a new kind is a row here and one of `Constraint`. */
const makers: {
  [Kind in Constraint["kind"]]: (
    constraint: Extract<Constraint, { kind: Kind }>,
    vocabulary: Vocabulary,
  ) => TokenMask;
} = {
  json: ({ schema }, vocabulary) => jsonMask(schema, vocabulary),
  grounded: ({ texts, markers }, vocabulary) => groundedMask(texts, markers, vocabulary),
};

/** Throws LORAG_SCHEMA. */
export function createMask(constraint: Constraint, vocabulary: Vocabulary): TokenMask {
  return (makers[constraint.kind] as (given: Constraint, of: Vocabulary) => TokenMask)(
    constraint,
    vocabulary,
  );
}
