import { z } from "zod";
import { exists, readText, sha256, writeFileAtomic } from "../platform/index.ts";
import { parserVersion, type Parse, type ParsedDocument } from "./parser.ts";

const parsedSchema = z.object({
  title: z.string(),
  text: z.string(),
  headings: z.array(z.object({ level: z.number(), text: z.string(), start: z.number() })),
});

/**
 * A parser that keeps its results in `folder`, under the hash of the file's name and bytes (the name decides the format
 * and may become the title) and the parsers' version. Failures are not kept: they cost little, and may be mended.
 */
export function rememberParses(folder: string, parse: Parse): Parse {
  return async (bytes, name) => {
    const key = sha256(`${parserVersion}\n${name}\n${sha256(bytes)}`);
    const path = `${folder}/${key}.json`;
    const known = await readParsed(path);
    if (known) return known;
    const parsed = await parse(bytes, name);
    await writeFileAtomic(path, JSON.stringify(parsed));
    return parsed;
  };
}

async function readParsed(path: string): Promise<ParsedDocument | undefined> {
  if (!(await exists(path))) return undefined;
  try {
    return parsedSchema.parse(JSON.parse(await readText(path)));
  } catch {
    return undefined; // damaged: parsed again, and replaced
  }
}
