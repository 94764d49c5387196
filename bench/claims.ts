import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import type { Chunk, Hit } from "../src/contracts/index.ts";
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
 * The check of citations on planted claims, pairs of a true and a false one of eight kinds: over the example project
 * (claims.tsv), and over invented passages in eight languages (claims-invented.yaml, rows `languages-`). A claim is borne
 * out where some passage of its document, or of its language, bears it out, as an arm looks for a citation. Precision: of
 * the claims that the check bears out, the share that is true. Recall: of the true ones, the share that it bears out.
 */
export async function run(): Promise<BenchResult> {
  const { documents } = await readDocuments(documentsFolder);
  const passages = new Map(
    documents.map((document) => [document.id, hitsOf(chunkDocument(document, { targetTokens: 128 }))]),
  );
  const known = judge(readClaims(), passages);
  const invented = readInvented();
  const rows = [
    ...rowsOf("", known, (kind) => {
      const unknown = known.filter((claim) => !claim.isKnown && (kind === "all" || claim.kind === kind));
      return (measure) => `${round(measure(unknown))} on the half not looked at`;
    }),
    ...rowsOf("languages-", judge(invented.claims, invented.passages), (kind) => (_, own) => {
      const wrong = own.filter(({ holds, borneOut }) => holds !== borneOut).length;
      return `${kind}: ${wrong} judged wrongly`;
    }),
  ];
  return { bench: "claims", machine: describeMachine(), rows };
}

type Measure = (claims: Judged[]) => number;
type Remark = (measure: Measure, own: Judged[]) => string;

function rowsOf(prefix: string, judged: Judged[], remarkOn: (kind: string) => Remark): BenchRow[] {
  const kinds = [...new Set(judged.map(({ kind }) => kind)), "all"];
  return kinds.flatMap((kind): BenchRow[] => {
    const own = judged.filter((claim) => kind === "all" || claim.kind === kind);
    const remark = remarkOn(kind);
    return [
      {
        name: `${prefix}${kind}-precision`,
        value: round(precision(own)),
        unit: "of the claims that are borne out, the share that is true",
        ours: remark(precision, own),
        peer: `${own.length} claims, 0.95 aimed at`,
      },
      {
        name: `${prefix}${kind}-recall`,
        value: round(recall(own)),
        unit: "of the true claims, the share that is borne out",
        ours: remark(recall, own),
        peer: `${own.length} claims, 0.9 aimed at`,
      },
    ];
  });
}

function judge(claims: Claim[], passages: ReadonlyMap<string, Hit[]>): Judged[] {
  const judged = claims.map((claim) => ({ ...claim, borneOut: isBorneOut(claim, passages) }));
  if (process.env["CLAIMS_SHOW"]) {
    for (const { kind, text, question, holds, borneOut, isKnown } of judged) {
      if (isKnown && holds !== borneOut)
        console.error(`${kind}: ${holds ? "lost" : "passed"}: ${question} ${text}`);
    }
  }
  return judged;
}

const hitsOf = (chunks: Chunk[]): Hit[] => chunks.map((chunk) => ({ chunk, score: 1, ranks: {} }));

const inventedSchema = z.array(
  z.strictObject({
    language: z.string(),
    passages: z.array(z.strictObject({ title: z.string(), headings: z.array(z.string()), text: z.string() })),
    claims: z.array(z.string()),
  }),
);

function readInvented(): { claims: Claim[]; passages: Map<string, Hit[]> } {
  const text = readFileSync(new URL("claims-invented.yaml", import.meta.url), "utf8");
  const languages = inventedSchema.parse(parse(text));
  const passages = new Map(
    languages.map(({ language, passages: own }) => [
      language,
      hitsOf(
        own.map((passage, index) => ({
          ...passage,
          id: `${language}-${index}`,
          documentId: `${language}-${index}`,
          start: 0,
          end: passage.text.length,
        })),
      ),
    ]),
  );
  const claims = languages.flatMap(({ language, claims: lines }) =>
    lines.flatMap((line) => {
      const [kind, question, yes, no] = line.split("|").map((part) => part.trim()) as Fields;
      return pairOf({ kind, document: language, question, isKnown: true }, yes, no);
    }),
  );
  return { claims, passages };
}

type Fields = [kind: string, question: string, yes: string, no: string];

const pairOf = (claim: Omit<Claim, "text" | "holds">, yes: string, no: string): Claim[] => [
  { ...claim, text: yes, holds: true },
  { ...claim, text: no, holds: false },
];

function readClaims(): Claim[] {
  const lines = readFileSync(new URL("claims.tsv", import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.slice(1).flatMap((line, index) => {
    const [kind, document, question, yes, no] = line.split("\t") as [string, ...Fields];
    return pairOf({ kind, document, question, isKnown: index % 2 === 0 }, yes, no);
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
