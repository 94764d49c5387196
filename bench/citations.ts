import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Hit } from "../src/contracts/index.ts";
import { chunkDocument, readDocuments } from "../src/documents/index.ts";
import { checkCitations } from "../src/retrieval/index.ts";
import { describeMachine, type BenchResult, type BenchRow } from "./result.ts";

const project = fileURLToPath(new URL("../examples/tidewater", import.meta.url));

interface Line {
  messages: { content: string }[];
  metadata: { documents: string[] };
}

/** The check of citations on the example project's gold answers, each with all passages of its documents. */
export async function run(): Promise<BenchResult> {
  const { documents } = await readDocuments(`${project}/documents`);
  const passages = new Map(
    documents.map((document) => [
      document.id,
      chunkDocument(document, { targetTokens: 128 }).map((chunk): Hit => ({ chunk, score: 1, ranks: {} })),
    ]),
  );
  const measure = (name: string, file: string): BenchRow => {
    const golds = readFileSync(`${project}/${file}`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line)
      .filter(({ metadata }) => metadata.documents.length > 0);
    const supported = golds.filter(({ messages, metadata }) => {
      const hits = metadata.documents.flatMap((id) => passages.get(id) ?? []);
      const citations = checkCitations(messages.at(-1)!.content, hits, messages.at(-2)!.content);
      return citations.length > 0 && citations.every(({ verdict }) => verdict === "supported");
    });
    return {
      name,
      value: supported.length / golds.length,
      unit: "share of gold answers that the check bears out, higher is better",
      ours: supported.length,
      peer: golds.length,
    };
  };
  const rows = [measure("held-out", "heldout.jsonl"), measure("training", "examples.jsonl")];
  return { bench: "citations", machine: describeMachine(), rows };
}
