import { z } from "zod";
import { configSchema, endpointSchema } from "../../contracts/index.ts";

/** docs/configuration.md: every key of `lorag.yaml`, from the schema alone. Markdown. */
export function renderConfigReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
  return [
    "# Configuration",
    "",
    "`lorag.yaml` in the project's folder. Every key is optional; paths are relative to that folder. Training keys",
    "carry the names of Axolotl and PEFT. An unknown key is an error. `lorag help config` prints this page.",
    "",
    ...pageOf(schema),
    "",
  ].join("\n");
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
}

/** Sections whose keys the user names: what each of them may hold. */
const named: Record<string, z.ZodType> = { models: endpointSchema };

/** Plain keys first, then one heading for each section. */
function pageOf(schema: JsonSchema): string[] {
  const fields = Object.entries(schema.properties ?? {});
  const sections = fields.filter(([, field]) => field.type === "object");
  const plain = fields.filter(([, field]) => field.type !== "object");
  return [
    ...plain.flatMap(([key, field]) => rowsOf(key, field)),
    ...sections.flatMap(([key, section]) => [
      "",
      `## ${key}`,
      "",
      section.description ?? "",
      "",
      ...leavesOf(key, section).flatMap(([leaf, field]) => rowsOf(leaf, field)),
    ]),
  ];
}

function leavesOf(key: string, section: JsonSchema): [path: string, field: JsonSchema][] {
  const own = named[key];
  const { properties = {} } = own ? (z.toJSONSchema(own, { io: "input" }) as JsonSchema) : section;
  return Object.entries(properties).map(([leaf, field]) => [`${own ? `${key}.NAME` : key}.${leaf}`, field]);
}

function rowsOf(path: string, field: JsonSchema): string[] {
  const facts = [
    kindOf(field),
    field.default === undefined ? "no default" : `default \`${oneLine(field.default)}\``,
  ];
  const entries = Object.entries(sectionOf(field)?.properties ?? {});
  return [
    `- **\`${path}\`** (${facts.join(", ")}): ${field.description ?? ""}`,
    ...entries.flatMap(([key, entry]) => rowsOf(key, entry).map((row) => `  ${row}`)),
  ];
}

/** The section that an entry of a list may be. */
const sectionOf = ({ items }: JsonSchema): JsonSchema | undefined =>
  [items, ...(items?.anyOf ?? [])].find((each) => each?.properties);

function kindOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (field.type === "array") {
    const items = field.items?.properties ? "sections" : field.items ? kindOf(field.items) : "values";
    return `list of ${items}`;
  }
  if (field.anyOf)
    return field.anyOf.map((each) => (each.properties ? "section" : kindOf(each))).join(" or ");
  if (field.type === "object") return "section";
  const { minimum, maximum } = field;
  const bounded = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const from = bounded(minimum) ? ` from ${minimum}` : "";
  const to = bounded(maximum) ? ` to ${maximum}` : "";
  return `${field.type === "integer" ? "whole number" : (field.type ?? "value")}${from}${to}`;
}

const oneLine = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
