import { counted } from "../../text/index.ts";
import { inspectGlossary } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function glossaryCommand(
  session: Session,
  file: string,
  { find, source, target }: { find?: string; source?: string; target?: string },
): Promise<unknown> {
  const pair = { ...(source && { source }), ...(target && { target }) };
  const report = await inspectGlossary(file, pair, find);
  session.print(
    `${counted(report.entries, "entry", "entries")}, ${counted(report.findings.length, "finding")}\n`,
  );
  for (const { message } of report.findings) session.print(`  ${message}\n`);
  for (const { text, how, entries } of report.found ?? []) {
    for (const { source, targets, doNotTranslate, definition } of entries) {
      const said = doNotTranslate ? "keep as it is" : [...targets, definition].filter(Boolean).join("; ");
      session.print(`  ${text} (${how}): ${source} = ${said}\n`);
    }
  }
  if (report.found?.length === 0) session.print("  none of its terms is in the text\n");
  return report;
}
