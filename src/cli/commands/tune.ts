import { tune, type TuneOptions } from "../../pipeline/index.ts";
import { renderSearchText } from "../../report/index.ts";
import type { Session } from "../session.ts";

export async function tuneCommand(
  session: Session,
  arm: string,
  { hours, ...options }: Omit<TuneOptions, "seconds"> & { hours?: number },
): Promise<unknown> {
  const limits = { ...options, ...(hours !== undefined && { seconds: 3600 * hours }) };
  const { report, yaml, files } = await tune(await session.open(), arm, limits);
  session.print(`${renderSearchText(report)}${files.html}\n`);
  session.print(
    yaml === ""
      ? "\nEvery trial failed.\n"
      : `\nTo compare the best of them, add to \`arms\` in lorag.yaml:\n${yaml}`,
  );
  return { report, yaml, files };
}
