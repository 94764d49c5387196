import { join } from "node:path";
import { LoragError, type DataCheck, type DataReport } from "../../contracts/index.ts";
import { checkData as check, type CheckedFile } from "../../data/index.ts";
import { readText, writeFileAtomic } from "../../platform/index.ts";
import { renderDataHtml } from "../../report/index.ts";
import { assemble } from "../assemble.ts";
import type { Context } from "../context.ts";
import { withData, type DataFiles } from "./read-data.ts";

export interface CheckRequest extends DataFiles {
  /** A file of names, one a line, that are personal data. */
  names?: string | undefined;
}

/** A token has about so many characters. */
const charactersPerToken = 4;

/** Looks at examples and writes what it found as data-report.json and .html. Changes nothing. */
export async function checkData(
  context: Context,
  request: CheckRequest,
): Promise<{ report: DataReport; files: { json: string; html: string } }> {
  const { report } = await withData(context, request, (data) => examineData(context, request, data));
  const files = {
    json: join(context.project.output, "data-report.json"),
    html: join(context.project.output, "data-report.html"),
  };
  await writeFileAtomic(files.json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFileAtomic(files.html, renderDataHtml(report));
  return { report, files };
}

/** What `check` and `clean` both begin with. `whole`: checks of which every finding is needed. */
export async function examineData(
  context: Context,
  request: CheckRequest,
  data: CheckedFile[],
  whole: readonly DataCheck[] = [],
): Promise<{ report: DataReport; names: string[] }> {
  const { project, signal, onProgress } = context;
  const names = request.names === undefined ? [] : linesOf(await readText(request.names));
  let unavailable: string | undefined;
  const report = await check(data, {
    names,
    whole,
    mostCharacters: project.config.sequence_len * charactersPerToken,
    signal,
    onProgress: (done, total) => onProgress({ step: "Looking at examples", done, total, unit: "examples" }),
    embed: async (texts) => {
      // Opened where there are labels to look at, and not before.
      const parts = await assemble(context);
      try {
        const embedder = await parts.embedder(project.config.embedding_model);
        return await embedder.embed(texts, {
          signal,
          onProgress: (done) =>
            onProgress({ step: "Embedding questions", done, total: texts.length, unit: "questions" }),
        });
      } catch (error) {
        if (!(error instanceof LoragError) || error.kind !== "unavailable") throw error;
        unavailable = error.message;
        return undefined;
      } finally {
        await parts.close();
      }
    },
  });
  if (unavailable !== undefined) report.skipped.push(`label-errors: ${unavailable}`);
  return { report, names };
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
