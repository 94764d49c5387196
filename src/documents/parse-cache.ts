import { join } from "node:path";
import { z } from "zod";
import { LoragError } from "../contracts/index.ts";
import { exists, listFolder, readText, removePath, sha256, writeFileAtomic } from "../platform/index.ts";
import { parserVersion, type ParsedDocument, type ParseOptions } from "./parser.ts";

const range = { start: z.number(), end: z.number() };
const parsedSchema = z.object({
  title: z.string(),
  text: z.string(),
  headings: z.array(z.object({ level: z.number(), text: z.string(), start: z.number() })),
  blocks: z
    .array(
      z.object({
        kind: z.enum(["table", "code"]),
        ...range,
        head: z.string().exactOptional(),
        bodyStart: z.number().exactOptional(),
      }),
    )
    .exactOptional(),
  pages: z.array(z.number()).exactOptional(),
  links: z.array(z.object({ ...range, href: z.string() })).exactOptional(),
  warnings: z.array(z.string()).exactOptional(),
});

/** Why a file cannot be used comes back as a value; what is thrown is not the file's fault. */
export type TryParse = (bytes: Uint8Array, name: string) => Promise<ParsedDocument | LoragError>;

/**
 * A parser that keeps its results in `folder`, under the hash of the file's name and bytes (the name decides the format
 * and may become the title), the options and the parsers' version. Failures are not kept: they cost little, and may be mended.
 * `forgetOthers` removes what was not asked for since: a deleted document leaves no trace.
 */
export function rememberParses(
  folder: string,
  options: ParseOptions,
  parse: TryParse,
): { parse: TryParse; forgetOthers: () => Promise<void> } {
  const used = new Set<string>();
  return {
    parse: async (bytes, name) => {
      const entry = `${sha256(`${parserVersion}\n${JSON.stringify(options)}\n${name}\n${sha256(bytes)}`)}.json`;
      used.add(entry);
      const path = join(folder, entry);
      const known = await readParsed(path);
      if (known) return known;
      const parsed = await parse(bytes, name);
      if (!(parsed instanceof LoragError)) await writeFileAtomic(path, JSON.stringify(parsed));
      return parsed;
    },
    forgetOthers: async () => {
      if (!(await exists(folder))) return;
      for (const entry of await listFolder(folder)) {
        if (isEntry(entry) && !used.has(entry)) await removePath(join(folder, entry));
      }
    },
  };
}

/** Whatever else lies in the folder is someone else's. */
const isEntry = (name: string): boolean => /^[0-9a-f]{64}\.json$/.test(name);

async function readParsed(path: string): Promise<ParsedDocument | undefined> {
  if (!(await exists(path))) return undefined;
  try {
    return parsedSchema.parse(JSON.parse(await readText(path)));
  } catch {
    return undefined; // damaged: parsed again, and replaced
  }
}
