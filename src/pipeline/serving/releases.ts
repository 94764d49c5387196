import { join } from "node:path";
import { z } from "zod";
import { LoragError, type Releases } from "../../contracts/index.ts";
import { createInTurn, readText, statPath, writeFileAtomic } from "../../platform/index.ts";

const releasesFile = z.object({
  latest: z.string().exactOptional(),
  previous: z.string().exactOptional(),
  canary: z.object({ version: z.string(), share: z.number().min(0).max(1) }).exactOptional(),
});

const pathIn = (folder: string): string => join(folder, "releases.json");
const inTurn = createInTurn();

/** Those of an adapter's folder; none where nothing was ever released. Throws LORAG_RELEASES. */
export async function readReleases(folder: string): Promise<Releases> {
  const path = pathIn(folder);
  if (!(await statPath(path))) return {};
  const text = await readText(path);
  try {
    return releasesFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_RELEASES",
      kind: "data",
      message: `${path} does not say which versions are released`,
      next: "Write it with `lorag adapters release`, or remove it.",
      cause,
    });
  }
}

/** Puts what `change` makes of them in place in one step. */
export const changeReleases = (folder: string, change: (now: Releases) => Releases): Promise<Releases> =>
  inTurn(async () => {
    const next = change(await readReleases(folder));
    await writeFileAtomic(pathIn(folder), `${JSON.stringify(next, null, 2)}\n`);
    return next;
  });

/** A version becomes `latest`; as a canary it has done its work. */
export const release =
  (version: string, last: string | undefined) =>
  ({ latest = last, previous, canary }: Releases): Releases => ({
    latest: version,
    previous: latest === version ? previous : latest,
    ...(canary && canary.version !== version && { canary }),
  });

/** Takes a canary back, or, where there is none, `latest` to what it was before. */
export const rollBack = ({ latest, previous, canary }: Releases): Releases => {
  if (canary) return { latest, previous };
  if (previous !== undefined) return { latest: previous };
  throw new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: "There is nothing to go back to: no canary, and no version before this one",
    next: "Name the version with `lorag adapters release`.",
  });
};
