import { resolve } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { createGlossary, knownLanguage, parseGlossary, type Glossary } from "../glossary/index.ts";
import { readFile } from "../platform/index.ts";
import type { Project } from "./config/read-project.ts";

/** The project's glossary. Throws LORAG_CONFIG where it names none, and what reading the file throws. */
export async function readGlossary({ folder, config }: Project): Promise<Glossary> {
  if (config.glossary === undefined) {
    throw new LoragError({
      code: "LORAG_CONFIG",
      kind: "config",
      message: "An arm says `glossary: true`, but lorag.yaml names no glossary",
      next: "Add `glossary: FILE` to lorag.yaml, or leave it out of the arm.",
    });
  }
  const file = resolve(folder, config.glossary);
  const entries = await parseGlossary(await readFile(file), file);
  return createGlossary(entries, knownLanguage(entries[0]?.languages.source));
}
