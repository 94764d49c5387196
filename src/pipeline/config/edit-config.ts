import { join } from "node:path";
import { isNode, isScalar, parseDocument } from "yaml";
import { z } from "zod";
import {
  LoragError,
  configSchema,
  endpointSchema,
  type CheckedConfig,
  type ConfigKey,
  type ConfigText,
} from "../../contracts/index.ts";
import { exists, readText, sha256, writeFileAtomic } from "../../platform/index.ts";
import { checkConfig } from "./parse-config.ts";
import { configFile } from "./read-project.ts";

/** The text of a project's config, and its hash. */
export async function readConfigText(folder: string): Promise<ConfigText> {
  const file = join(folder, configFile);
  const text = (await exists(file)) ? await readText(file) : "";
  return { text, sha256: sha256(text) };
}

/** Faults of a text, and what its keys say. Never throws. */
export function examineConfig(text: string): CheckedConfig {
  const checked = checkConfig(text);
  const faults = "faults" in checked ? checked.faults : [];
  const values: Record<string, unknown> = {};
  try {
    const written = parseDocument(text).toJS({ maxAliasCount: 100 }) as unknown;
    for (const { key } of configKeys()) {
      const value = key
        .split(".")
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], written);
      if (value !== undefined) values[key] = value;
    }
  } catch {
    // What is no YAML has no values.
  }
  return { faults, values };
}

/** Dotted, or its parts: numbers are entries of lists, from 0. */
export type KeyPath = string | readonly (string | number)[];

/** The text with one key changed, or without it where the value is undefined; comments and the rest stay as they are. */
export function setConfigKey(text: string, key: KeyPath, value: unknown): string {
  const document = parseDocument(text);
  const path = typeof key === "string" ? key.split(".") : key;
  if (value === undefined) document.deleteIn(path);
  else {
    const node = document.getIn(path, true);
    // In place: what stands beside it stays.
    if (isScalar(node) && !(value instanceof Object)) node.value = value;
    else {
      const made = document.createNode(value);
      if (isNode(node)) Object.assign(made, { comment: node.comment, commentBefore: node.commentBefore });
      document.setIn(path, made);
    }
  }
  return document.toString({ lineWidth: 0 });
}

/**
 * Saves a config that was changed from the text with the hash `base`. Throws LORAG_CHANGED where the file says something
 * else by now, LORAG_CONFIG where the text has faults; then nothing is written.
 */
export async function saveConfig(folder: string, text: string, base: string): Promise<ConfigText> {
  const now = await readConfigText(folder);
  if (now.sha256 !== base) {
    throw new LoragError({
      code: "LORAG_CHANGED",
      kind: "busy",
      message: `${configFile} was changed by someone else since it was opened here`,
      next: "Look at the differences, and choose what is to be kept.",
    });
  }
  const checked = checkConfig(text);
  if ("faults" in checked) {
    throw new LoragError({
      code: "LORAG_CONFIG",
      kind: "config",
      message: checked.faults.map(({ line, column, text: fault }) => `${line}:${column} ${fault}`).join("\n"),
      next: "Correct it; nothing was saved.",
    });
  }
  await writeFileAtomic(join(folder, configFile), text);
  return { text, sha256: sha256(text) };
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
}

/** Every key with its help text, from the schema alone, as docs/configuration.md has them. */
export function configKeys(): ConfigKey[] {
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
  return keysOf(schema).map((field) => (field.key === "models" ? { ...field, ...namedModels() } : field));
}

/** The schema of `models` takes its entries apart itself. */
const namedModels = (): Pick<ConfigKey, "kind" | "fields"> => ({
  kind: "named",
  fields: keysOf(z.toJSONSchema(endpointSchema, { io: "input" }) as JsonSchema),
});

/** Those of sections are dotted. */
function keysOf(schema: JsonSchema): ConfigKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    field.type === "object" && field.properties
      ? keysOf(field).map((inner) => ({ ...inner, key: `${key}.${inner.key}` }))
      : [describeKey(key, field)],
  );
}

function describeKey(key: string, field: JsonSchema): ConfigKey {
  const bounded = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const section = [field.items, ...(field.items?.anyOf ?? [])].find((item) => item?.properties);
  return {
    key,
    kind: section ? "list" : kindOf(field),
    help: field.description ?? "",
    ...(section && { fields: keysOf(section) }),
    ...(field.enum && { choices: field.enum.map(String) }),
    ...(bounded(field.minimum) && { minimum: field.minimum }),
    ...(bounded(field.maximum) && { maximum: field.maximum }),
    ...(field.default !== undefined && { default: field.default }),
  };
}

function kindOf({ type, enum: choices }: JsonSchema): ConfigKey["kind"] {
  if (choices) return "choice";
  if (type === "string") return "text";
  return type === "number" || type === "integer" || type === "boolean" ? type : "other";
}
