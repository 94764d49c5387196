import { resolve } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { initProject } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

/** The folder as it was given: by the argument, by --project, or by both alike. */
export async function initCommand(
  session: Session,
  { dir, project }: { dir?: string; project?: string },
): Promise<unknown> {
  if (dir !== undefined && project !== undefined && resolve(dir) !== resolve(project)) {
    throw new LoragError({
      code: "LORAG_USAGE",
      kind: "usage",
      message: `Two folders are named to make the project in: ${dir} and --project ${project}`,
      next: "Name one of them: `lorag init my-project`.",
    });
  }
  const folder = dir ?? project ?? ".";
  const made = await initProject(folder);
  session.print(`Made ${made.folder}:\n${made.files.map((file) => `  ${file}`).join("\n")}\n\n`);
  session.print(`Next: lorag compare --project ${folder}\n`);
  return made;
}
