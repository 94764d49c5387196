import type { Shape } from "./json-schema.ts";
import { mayGoOn, mayEnd } from "./number-range.ts";
import { either, literal, oneOf, type State, type Then } from "./text-grammar.ts";

/** The texts of a shape's values (RFC 8259), keys in the order of the schema, then what follows them. */
export function valueOf(shape: Shape, then: Then): readonly State[] {
  switch (shape.kind) {
    case "literal":
      return either(...shape.values.map((value) => () => literal(JSON.stringify(value), then)));
    case "null":
      return literal("null", then);
    case "boolean":
      return either(
        () => literal("true", then),
        () => literal("false", then),
      );
    case "string":
      return oneOf(isQuote, () => stringRest(shape.min, shape.max, then));
    case "number":
      return numberRest("", shape, then);
    case "array":
      return literal("[", () => membersOf(shape, 0, then));
    case "object":
      return literal("{", () => propertiesOf(shape.properties, 0, false, then));
    case "record":
      return literal("{", () => entriesOf(shape.values, false, then));
    case "either":
      return either(...shape.shapes.map((each) => () => valueOf(each, then)));
    case "reference":
      return valueOf(shape.get(), then);
    case "any":
      return either(...anything.map((each) => () => valueOf(each, then)));
  }
}

const any: Shape = { kind: "any" };
const anything: Shape[] = [
  { kind: "record", values: any },
  { kind: "array", items: any, min: 0, max: Infinity },
  { kind: "string", min: 0, max: Infinity },
  { kind: "number", isInteger: false, min: -Infinity, max: Infinity },
  { kind: "boolean" },
  { kind: "null" },
];

/** A space, or a new line and its indentation, or nothing: more would let a model write blanks for ever. */
function blank(then: Then): readonly State[] {
  const indent = (left: number): readonly State[] =>
    left === 0 ? then() : either(then, () => oneOf(isSpace, () => indent(left - 1)));
  return either(
    then,
    () => literal(" ", then),
    () => literal("\n", () => indent(24)),
  );
}

const isSpace = (char: string): boolean => char === " ";
const isQuote = (char: string): boolean => char === '"';
const isHex = (char: string): boolean => /[0-9a-fA-F]/.test(char);

/** After the opening quote. A length counts characters, of which those above U+FFFF have two halves. */
function stringRest(min: number, max: number, then: Then): readonly State[] {
  const hex = (left: number, after: Then): readonly State[] =>
    left === 0 ? after() : oneOf(isHex, () => hex(left - 1, after));
  const from = (length: number): readonly State[] => {
    const next: Then = () => (max === Infinity && length >= min ? again : from(length + 1));
    const state: State = {
      step(char) {
        if (char === '"') return length >= min ? then() : [];
        if (isLowSurrogate(char)) return again;
        if (length >= max || char < " ") return [];
        if (char !== "\\") return next();
        return either(
          () => oneOf((escaped) => '"\\/bfnrt'.includes(escaped), next),
          () => literal("u", () => hex(4, next)),
        );
      },
    };
    const again = [state];
    return again;
  };
  return from(0);
}

const isLowSurrogate = (char: string): boolean => char >= "\uDC00" && char <= "\uDFFF";

type NumberShape = Extract<Shape, { kind: "number" }>;

/** After a part of a number. It ends where what follows it begins. */
function numberRest(text: string, shape: NumberShape, then: Then): readonly State[] {
  const more: State = {
    step(char) {
      const longer = text + char;
      return mayGoOn(longer, shape) ? numberRest(longer, shape, then) : [];
    },
  };
  return mayEnd(text, shape) ? [more, ...then()] : [more];
}

function membersOf(shape: Extract<Shape, { kind: "array" }>, count: number, then: Then): readonly State[] {
  const close: Then = () => blank(() => literal("]", then));
  const member: Then = () => valueOf(shape.items, () => membersOf(shape, count + 1, then));
  const next: Then = () => (count === 0 ? blank(member) : literal(",", () => blank(member)));
  return either(...(count >= shape.min ? [close] : []), ...(count < shape.max ? [next] : []));
}

type Properties = Extract<Shape, { kind: "object" }>["properties"];

function propertiesOf(properties: Properties, at: number, follows: boolean, then: Then): readonly State[] {
  const property = properties[at];
  if (!property) return blank(() => literal("}", then));
  const { key, shape, required } = property;
  const written: Then = () =>
    entry(literalKey(key), shape, follows, () => propertiesOf(properties, at + 1, true, then));
  return required ? written() : either(written, () => propertiesOf(properties, at + 1, follows, then));
}

function entriesOf(values: Shape, follows: boolean, then: Then): readonly State[] {
  const close: Then = () => blank(() => literal("}", then));
  const key = (after: Then): readonly State[] => oneOf(isQuote, () => stringRest(0, Infinity, after));
  return either(close, () => entry(key, values, follows, () => entriesOf(values, true, then)));
}

const literalKey =
  (key: string) =>
  (then: Then): readonly State[] =>
    literal(JSON.stringify(key), then);

function entry(
  key: (then: Then) => readonly State[],
  shape: Shape,
  follows: boolean,
  then: Then,
): readonly State[] {
  const pair: Then = () => blank(() => key(() => literal(":", () => blank(() => valueOf(shape, then)))));
  return follows ? literal(",", pair) : pair();
}
