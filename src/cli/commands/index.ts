import { counted } from "../../text/index.ts";
import { index, watchIndex, type Context, type IndexReport, type Warning } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export interface IndexOptions {
  strict?: boolean;
  watch?: boolean;
}

export async function indexCommand(session: Session, { watch, ...options }: IndexOptions): Promise<unknown> {
  const opened = await session.open(options);
  const context = session.options.json ? opened : withoutSkipped(opened);
  if (watch) return keepIndexed(session, context);
  const report = await index(context);
  session.print(render(report));
  return report;
}

/** Ctrl-C is how this ends, and no failure. */
async function keepIndexed(session: Session, context: Context): Promise<void> {
  try {
    for await (const result of watchIndex(context)) {
      const isReport = !(result instanceof Error);
      const text = isReport ? render(result) : `error: ${result.message}. ${result.next}\n`;
      session.printLine(isReport ? result : { error: result.toPlain() }, text.trimEnd());
      session.note(`Watching ${context.project.documents}; Ctrl-C ends it.`);
    }
  } catch (error) {
    if (!session.signal.aborted) throw error;
  }
}

function render({
  documents,
  chunks,
  added,
  changed,
  removed,
  unchanged,
  notes,
  skipped,
}: IndexReport): string {
  const lines = [
    `${counted(documents, "document")}, ${counted(chunks, "passage")} ` +
      `(${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged)`,
  ];
  if (notes > 0) {
    lines.push(`${counted(notes, "note")} on what was left out of them: \`lorag documents\``);
  }
  if (skipped.length > 0) lines.push("skipped, which --strict makes an error:");
  for (const { id, reason } of skipped) lines.push(`  ${id}: ${reason}`);
  return `${lines.join("\n")}\n`;
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
