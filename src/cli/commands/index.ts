import { counted } from "../../text/index.ts";
import { index, type Context, type Warning } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function indexCommand(session: Session, options: { strict?: boolean }): Promise<unknown> {
  const context = await session.open(options);
  const report = await index(session.options.json ? context : withoutSkipped(context));
  session.print(
    `${counted(report.documents, "document")}, ${counted(report.chunks, "passage")} ` +
      `(${report.added} added, ${report.changed} changed, ${report.removed} removed, ${report.unchanged} unchanged)\n`,
  );
  if (report.notes > 0) {
    session.print(`${counted(report.notes, "note")} on what was left out of them: \`lorag documents\`\n`);
  }
  if (report.skipped.length > 0) session.print("skipped, which --strict makes an error:\n");
  for (const { id, reason } of report.skipped) session.print(`  ${id}: ${reason}\n`);
  return report;
}

/** The skipped documents are told once on the terminal: with the result, which has them all. */
function withoutSkipped(context: Context): Context {
  const isOfSkipped = ({ code }: Warning): boolean => /^LORAG_SKIPPED_DOCUMENTS?$/.test(code);
  return {
    ...context,
    warn: (warning) => {
      if (!isOfSkipped(warning)) context.warn(warning);
    },
  };
}
