import { initProject } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function initCommand(session: Session, folder: string): Promise<unknown> {
  const made = await initProject(folder);
  session.print(`Made ${made.folder}:\n${made.files.map((file) => `  ${file}`).join("\n")}\n\n`);
  session.print(`Next: lorag compare --project ${folder}\n`);
  return made;
}
