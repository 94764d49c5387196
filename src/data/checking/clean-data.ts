import type { DataCheck, DataReport, Example, Message } from "../../contracts/index.ts";
import { cleanEncoding } from "./encoding.ts";
import { stripHtml } from "./html-remains.ts";
import { maskPersonalData } from "./personal-data.ts";

/** What is done about what a check found. */
export interface CleaningOptions {
  /** Examples that these checks are about are left out; of several in one finding, the first. */
  drop: DataCheck[];
  encoding: boolean;
  html: boolean;
  /** Masks personal data. */
  mask: boolean;
  names: string[];
}

/** One line of the log. */
type DataChange =
  | { id: string; action: "drop"; check: DataCheck; detail: string }
  | { id: string; action: "change"; by: string; before: string; after: string };

/** An example as it is then, absent where it goes, and every change that was made to it. */
export interface CleanedExample {
  example?: Example;
  changes: DataChange[];
}

/** Cleans one example after another as `report` says. */
export function* cleanData(
  examples: Iterable<Example>,
  report: Pick<DataReport, "findings">,
  options: CleaningOptions,
): Generator<CleanedExample> {
  const dropped = new Map<string, DataChange>();
  for (const check of options.drop) {
    for (const { ids, detail } of report.findings[check]) {
      // A conflict cannot say which of its answers is right.
      for (const id of check === "conflicts" || check === "few-of-label" ? ids : ids.slice(0, 1)) {
        if (!dropped.has(id)) dropped.set(id, { id, action: "drop", check, detail });
      }
    }
  }
  const edits = editsOf(options);
  for (const example of examples) {
    const drop = dropped.get(example.id);
    yield drop ? { changes: [drop] } : edited(example, edits);
  }
}

type Edit = [by: string, edit: (text: string) => string];

const editsOf = ({ encoding, html, mask, names }: CleaningOptions): Edit[] => [
  ...(encoding ? [["encoding", cleanEncoding] satisfies Edit] : []),
  ...(html ? [["html", stripHtml] satisfies Edit] : []),
  ...(mask ? [["mask", (text) => maskPersonalData(text, names)] satisfies Edit] : []),
];

function edited(example: Example, edits: Edit[]): CleanedExample {
  const changes: DataChange[] = [];
  const change = (text: string): string => {
    let now = text;
    for (const [by, edit] of edits) {
      const after = edit(now);
      if (after !== now) changes.push({ id: example.id, action: "change", by, before: now, after });
      now = after;
    }
    return now;
  };
  return {
    example: {
      ...example,
      prompt: example.prompt.map(({ role, content }) => ({ role, content: change(content) })),
      completion: change(example.completion),
      ...(example.rejected !== undefined && { rejected: change(example.rejected) }),
    },
    changes,
  };
}

/** A line of JSONL that is read as this example again. */
export function exampleLine({
  id,
  prompt,
  completion,
  rejected,
  documents,
  type,
  metadata,
}: Example): string {
  const answer = (content: string): Message[] => [{ role: "assistant", content }];
  const about = { id, ...(type !== undefined && { type }), ...(documents && { documents }), ...metadata };
  return JSON.stringify(
    rejected === undefined
      ? { messages: [...prompt, ...answer(completion)], metadata: about }
      : { prompt, chosen: answer(completion), rejected: answer(rejected), metadata: about },
  );
}
