import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Hit } from "../src/contracts/index.ts";
import { chunkDocument, readDocuments } from "../src/documents/index.ts";
import { checkCitations } from "../src/retrieval/index.ts";
import { describeMachine, round, type BenchResult, type BenchRow } from "./result.ts";

const documentsFolder = fileURLToPath(new URL("../examples/tidewater/documents", import.meta.url));

interface Claim {
  kind: string;
  document: string;
  question: string;
  text: string;
  holds: boolean;
  /** Of the half that the check was mended on; the other half was looked at only in the end. */
  isKnown: boolean;
}

/**
 * The check of citations on planted claims over the example project (claims.tsv): pairs of a true and a false one of
 * eight kinds. A claim is borne out where some passage of its document bears it out, as an arm looks for a citation.
 * Precision: of the claims that the check bears out, the share that is true. Recall: of the true ones, the share that
 * it bears out.
 */
export async function run(): Promise<BenchResult> {
  const { documents } = await readDocuments(documentsFolder);
  const passages = new Map(
    documents.map((document) => [
      document.id,
      chunkDocument(document, { targetTokens: 128 }).map((chunk): Hit => ({ chunk, score: 1, ranks: {} })),
    ]),
  );
  const judged = readClaims().map((claim) => ({ ...claim, borneOut: isBorneOut(claim, passages) }));
  if (process.env["CLAIMS_SHOW"]) {
    for (const { kind, text, question, holds, borneOut, isKnown } of judged) {
      if (isKnown && holds !== borneOut)
        console.error(`${kind}: ${holds ? "lost" : "passed"}: ${question} ${text}`);
    }
  }
  const kinds = [...new Set(judged.map(({ kind }) => kind)), "all"];
  const rows = kinds.flatMap((kind): BenchRow[] => {
    const own = judged.filter((claim) => kind === "all" || claim.kind === kind);
    const unknown = own.filter(({ isKnown }) => !isKnown);
    return [
      {
        name: `${kind}-precision`,
        value: round(precision(own)),
        unit: "of the claims that are borne out, the share that is true",
        ours: `${round(precision(unknown))} on the half not looked at`,
        peer: `${own.length} claims, 0.95 aimed at`,
      },
      {
        name: `${kind}-recall`,
        value: round(recall(own)),
        unit: "of the true claims, the share that is borne out",
        ours: `${round(recall(unknown))} on the half not looked at`,
        peer: `${own.length} claims, 0.9 aimed at`,
      },
    ];
  });
  return { bench: "claims", machine: describeMachine(), rows };
}

function readClaims(): Claim[] {
  const lines = readFileSync(new URL("claims.tsv", import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.slice(1).flatMap((line, index) => {
    const [kind, document, question, yes, no] = line.split("\t") as [string, string, string, string, string];
    const claim = { kind, document, question, isKnown: index % 2 === 0 };
    return [
      { ...claim, text: yes, holds: true },
      { ...claim, text: no, holds: false },
    ];
  });
}

function isBorneOut({ document, text, question }: Claim, passages: ReadonlyMap<string, Hit[]>): boolean {
  const hits = passages.get(document);
  if (!hits) throw new Error(`no document ${document}`);
  return hits.some((_, index) =>
    checkCitations(`${text} [${index + 1}]`, hits, question).some(({ verdict }) => verdict === "supported"),
  );
}

type Judged = Claim & { borneOut: boolean };

const share = (part: unknown[], whole: unknown[]): number =>
  whole.length === 0 ? 1 : part.length / whole.length;

function precision(claims: Judged[]): number {
  const borneOut = claims.filter((claim) => claim.borneOut);
  return share(
    borneOut.filter(({ holds }) => holds),
    borneOut,
  );
}

function recall(claims: Judged[]): number {
  const held = claims.filter(({ holds }) => holds);
  return share(
    held.filter((claim) => claim.borneOut),
    held,
  );
}
