import { checkData } from "../../pipeline/index.ts";
import { renderDataText } from "../../report/index.ts";
import type { Session } from "../session.ts";

export async function dataCheckCommand(
  session: Session,
  files: string[],
  { heldOut, names }: { heldOut: string[]; names?: string },
): Promise<unknown> {
  const context = await session.open({ orDefault: files.length > 0 });
  const { report, files: written } = await checkData(context, { files, heldOut, names });
  session.print(`${renderDataText(report)}\nWritten: ${written.html}, ${written.json}\n`);
  return { ...report, written };
}
