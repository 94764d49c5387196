import { LoragError } from "../contracts/index.ts";
import { startWorker, type WorkerHandle } from "../platform/index.ts";
import { detectFormat } from "./detect-format.ts";
import { parseMarkdown } from "./markdown/parse-markdown.ts";
import { unusable, type ParsedDocument, type ParseOptions } from "./parser.ts";
import { parseText } from "./text/parse-text.ts";
import type { ParseMethods } from "./parse-worker.ts";

export interface BoundedParser {
  parse(bytes: Uint8Array, name: string): Promise<ParsedDocument>;
  close(): Promise<void>;
}

/** Memory for the objects of a parse; beyond it the worker ends, not the program. */
const heapMegabytes = 1024;

/** A small text takes less time to read than to send. */
const smallText = 256 * 1024;

/**
 * Parses files one at a time, in a worker that is ended when a file takes longer than `timeLimitMs` or more memory
 * than allowed, so that one bad file cannot stop a run.
 */
export function startParser(timeLimitMs: number, options: ParseOptions): BoundedParser {
  let worker: WorkerHandle<unknown, ParseMethods> | undefined;
  const stop = async (): Promise<void> => {
    await worker?.close();
    worker = undefined;
  };
  return {
    parse: async (bytes, name) => {
      const format = detectFormat(bytes, name);
      if (bytes.length <= smallText) {
        if (format === "markdown") return parseMarkdown(bytes, name, options);
        if (format === "text") return parseText(bytes, name, options);
      }
      worker ??= startWorker(new URL("./parse-worker.ts", import.meta.url), { heapMegabytes });
      const timer = new AbortController();
      try {
        // Loading a parser may take longer than reading a file, on a busy machine; it is not the file's fault.
        await worker.call("load", [format]);
        const parsed = worker.call("parse", [format, bytes, name, options]);
        return await Promise.race([parsed, tooSlow(timeLimitMs, timer.signal)]);
      } catch (error) {
        const reason = asReason(error);
        // A reason the parser gave leaves the worker sound; a limit, a crash or a bug does not.
        if (reason !== error || reason.code === "LORAG_PARSE_TIMEOUT") await stop();
        throw reason;
      } finally {
        timer.abort();
      }
    },
    close: stop,
  };
}

function tooSlow(timeLimitMs: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        unusable(
          "LORAG_PARSE_TIMEOUT",
          `reading it took longer than ${timeLimitMs / 1000} seconds`,
          "Open it in its own program and save it again, or split it.",
        ),
      );
    }, timeLimitMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
}

function asReason(error: unknown): LoragError {
  if (error instanceof LoragError && error.code !== "LORAG_WORKER_ENDED") return error;
  const what = error instanceof Error ? error.message : String(error);
  return unusable(
    "LORAG_UNREADABLE",
    `its parser failed (${what})`,
    "Open it in its own program and save it again.",
    error,
  );
}
