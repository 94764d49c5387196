import { join } from "node:path";
import type { ChunkStore } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { exists, listFiles, readFile, sha256, statPath } from "../../platform/index.ts";
import type { Context } from "../context.ts";
import { nameSome } from "./name-some.ts";

/** Warns where documents are not those of the index: gone, or new or changed since the index was last written. */
export async function checkIndex(
  { project, warn }: Context,
  index: Pick<ChunkStore, "documents" | "generation">,
): Promise<void> {
  if (!(await exists(project.documents))) return;
  const indexed = await index.documents();
  const written = (await index.generation())?.startedMs ?? 0;
  const names = await listFiles(project.documents, () => {});
  const present = new Set(names);
  const changed = [...indexed.keys()].filter((id) => !present.has(id));
  for (const name of names) {
    const path = join(project.documents, name);
    const modified = (await statPath(path))?.modifiedMs ?? 0;
    if (modified <= written) continue;
    // What cannot be read is for `lorag index` to tell.
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes && sha256(bytes) !== indexed.get(name)) changed.push(name);
  }
  if (changed.length === 0) return;
  const were = counted(changed.length, "document was", "documents were");
  warn({
    code: "LORAG_STALE_INDEX",
    message: `${were} changed, added or removed since the last \`lorag index\`: ${nameSome(changed)}. Run it again.`,
  });
}
