import { index } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function indexCommand(session: Session, options: { strict?: boolean }): Promise<unknown> {
  const report = await index(await session.open(options));
  session.print(
    `${report.documents} documents, ${report.chunks} passages ` +
      `(${report.added} added, ${report.changed} changed, ${report.removed} removed, ${report.unchanged} unchanged)\n`,
  );
  for (const { id, reason } of report.skipped) session.print(`skipped ${id}: ${reason}\n`);
  return report;
}
