import { LoragError } from "../../contracts/index.ts";

/** A JSON schema, read: what a value may be. A reference is read when it is come to, as it may lead back to itself. */
export type Shape =
  | { kind: "literal"; values: unknown[] }
  | { kind: "any" }
  | { kind: "null" | "boolean" }
  | { kind: "number"; isInteger: boolean; min: number; max: number }
  | { kind: "string"; min: number; max: number }
  | { kind: "array"; items: Shape; min: number; max: number }
  | { kind: "object"; properties: { key: string; shape: Shape; required: boolean }[] }
  /** Any keys, with values of one shape. */
  | { kind: "record"; values: Shape }
  | { kind: "either"; shapes: Shape[] }
  | { kind: "reference"; get: () => Shape };

type Schema = Record<string, unknown>;

/** These say what a value must be and are not kept here: an answer that breaks them would be none. */
const notKept = [
  "allOf",
  "not",
  "if",
  "dependentRequired",
  "dependentSchemas",
  "pattern",
  "patternProperties",
  "propertyNames",
  "minProperties",
  "maxProperties",
  "uniqueItems",
  "contains",
  "prefixItems",
  "multipleOf",
  "unevaluatedProperties",
];

const allTypes = ["object", "array", "string", "number", "boolean", "null"];

/** `allOf` of one schema, as generators of schemas write a reference that has a description, is that schema. */
function unwrap(schema: Schema): Schema {
  const { allOf, ...rest } = schema;
  const [only, second] = Array.isArray(allOf) ? (allOf as unknown[]) : [];
  const isOne = typeof only === "object" && only !== null && second === undefined;
  return isOne && Object.keys(rest).every((key) => annotations.has(key)) ? { ...rest, ...only } : schema;
}

const annotations = new Set([
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "$defs",
  "definitions",
]);

/** Reads a schema (https://json-schema.org/draft/2020-12), of which `true` and `{}` allow everything. Throws LORAG_SCHEMA. */
export function readSchema(root: unknown): Shape {
  const references = new Map<string, Shape>();
  const open = new Set<string>();

  const follow = (reference: string): Shape => {
    const known = references.get(reference);
    if (known) return known;
    if (open.has(reference)) return { kind: "reference", get: () => references.get(reference)! };
    open.add(reference);
    const shape = read(resolve(root, reference), reference);
    if (leadsNowhere(shape)) throw invalid(reference, "refers to itself and to nothing else");
    references.set(reference, shape);
    return shape;
  };

  const read = (schema: unknown, path: string): Shape => {
    if (schema === true) return { kind: "any" };
    if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
      throw invalid(path, "is no schema");
    }
    const given = unwrap(schema as Schema);
    const other = notKept.find((keyword) => given[keyword] !== undefined);
    if (other) throw invalid(path, `holds the keyword ${other}, which is not supported`);
    if (given["$ref"] !== undefined) return follow(String(given["$ref"]));
    if (given["const"] !== undefined) return { kind: "literal", values: [given["const"]] };
    if (given["enum"] !== undefined) {
      return { kind: "literal", values: listOf(given["enum"], `${path}/enum`) };
    }
    const choices = given["anyOf"] ?? given["oneOf"];
    if (choices !== undefined) {
      const shapes = listOf(choices, `${path}/anyOf`).map((each, i) => read(each, `${path}/anyOf/${i}`));
      return { kind: "either", shapes };
    }
    const type = given["type"] ?? impliedType(given);
    if (type === undefined) return { kind: "any" };
    const types = Array.isArray(type) ? type : [type];
    const shapes = types.map((each) => ofType(given, String(each), path));
    return shapes.length === 1 ? shapes[0]! : { kind: "either", shapes };
  };

  const ofType = (schema: Schema, type: string, path: string): Shape => {
    switch (type) {
      case "null":
      case "boolean":
        return { kind: type };
      case "string":
        return { kind: "string", ...bounds(schema, "minLength", "maxLength", path) };
      case "number":
      case "integer":
        return { kind: "number", isInteger: type === "integer", ...range(schema, type === "integer", path) };
      case "array":
        return {
          kind: "array",
          items: schema["items"] === undefined ? { kind: "any" } : read(schema["items"], `${path}/items`),
          ...bounds(schema, "minItems", "maxItems", path),
        };
      case "object":
        return readObject(schema, path);
      default:
        throw invalid(
          path,
          `has the type ${JSON.stringify(type).slice(0, 40)}; types are ${allTypes.join(", ")} and integer`,
        );
    }
  };

  const readObject = (schema: Schema, path: string): Shape => {
    const required =
      schema["required"] === undefined ? [] : listOf(schema["required"], `${path}/required`, true);
    const properties = schema["properties"];
    if (properties === undefined) {
      const rest = schema["additionalProperties"];
      if (required.length > 0) throw invalid(path, "requires keys that are not among its properties");
      if (rest === false) return { kind: "object", properties: [] };
      return {
        kind: "record",
        values: rest === undefined ? { kind: "any" } : read(rest, `${path}/additionalProperties`),
      };
    }
    if (typeof properties !== "object" || properties === null)
      throw invalid(`${path}/properties`, "is no object");
    const unknown = required.find((key) => !Object.hasOwn(properties, String(key)));
    if (unknown !== undefined) {
      throw invalid(
        path,
        `requires ${JSON.stringify(unknown).slice(0, 60)}, which is not among its properties`,
      );
    }
    return {
      kind: "object",
      properties: Object.entries(properties).map(([key, value]) => ({
        key,
        shape: read(value, `${path}/properties/${key}`),
        required: required.includes(key),
      })),
    };
  };

  return read(root, "#");
}

function impliedType(schema: Schema): string | undefined {
  if (schema["properties"] !== undefined || schema["required"] !== undefined) return "object";
  return schema["items"] === undefined ? undefined : "array";
}

/** What `#/$defs/name` points to (RFC 6901). */
function resolve(root: unknown, reference: string): unknown {
  if (!reference.startsWith("#"))
    throw invalid(reference, "is a reference to somewhere else than this schema");
  let at = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key))
      throw invalid(reference, "points to nothing");
    at = (at as Schema)[key];
  }
  return at;
}

/** Whether a shape is read without end, no character having been written. */
function leadsNowhere(shape: Shape): boolean {
  return shape.kind === "reference" || (shape.kind === "either" && shape.shapes.some(leadsNowhere));
}

function listOf(value: unknown, path: string, mayBeEmpty = false): unknown[] {
  if (!Array.isArray(value) || (value.length === 0 && !mayBeEmpty))
    throw invalid(path, "is no list, or an empty one");
  return value;
}

function bounds(schema: Schema, least: string, most: string, path: string): { min: number; max: number } {
  const min = schema[least] ?? 0;
  const max = schema[most] ?? Infinity;
  if (typeof min !== "number" || typeof max !== "number" || min > max || min < 0) {
    throw invalid(path, `has a ${least} or ${most} that no value could have`);
  }
  return { min, max };
}

function range(schema: Schema, isInteger: boolean, path: string): { min: number; max: number } {
  for (const key of ["exclusiveMinimum", "exclusiveMaximum"]) {
    if (schema[key] !== undefined && !isInteger) {
      throw invalid(path, `holds the keyword ${key}, which is supported for integers only`);
    }
  }
  const number = (key: string, otherwise: number): number => {
    const value = schema[key] ?? otherwise;
    if (typeof value !== "number") throw invalid(`${path}/${key}`, "is no number");
    return value;
  };
  const min = Math.max(
    number("minimum", isInteger ? Number.MIN_SAFE_INTEGER : -Infinity),
    number("exclusiveMinimum", -Infinity) + 1,
  );
  const max = Math.min(
    number("maximum", isInteger ? Number.MAX_SAFE_INTEGER : Infinity),
    number("exclusiveMaximum", Infinity) - 1,
  );
  const isEmpty = isInteger ? Math.ceil(min) > Math.floor(max) : min > max;
  if (isEmpty) throw invalid(path, "has a minimum above its maximum");
  return { min, max };
}

function invalid(path: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_SCHEMA",
    kind: "usage",
    message: `The JSON schema at ${path.slice(0, 200)} ${what}`,
    next: "Correct the schema.",
  });
}
