/** What `lorag data check` found. Written as data-report.json. */
export interface DataReport {
  schema: 1;
  files: {
    name: string;
    role: "train" | "held out";
    examples: number;
    /** How many rows cannot be read; the first thousand of them follow. */
    refusedRows: number;
    refused: { place: string; problem: string }[];
    /** What else there is to tell of its rows: keys that are not read, kinds that are mixed, what was mended. */
    notes: string[];
  }[];
  /** By the name of the check; each finding names its examples, the first of which it is about. */
  findings: Record<DataCheck, DataFinding[]>;
  /** How many findings there are of each check, of which `findings` has the first ten thousand. */
  counts: Record<DataCheck, number>;
  /** Of how many letters there are enough to tell, by ISO 639-1. */
  languages: { language: string; examples: number; first: string }[];
  /** Where the answers are a few labels. Most frequent first. */
  labels: { label: string; examples: number }[] | null;
  lengths: { question: Quantiles; answer: Quantiles };
  /** Checks that were left out, and why. */
  skipped: string[];
}

/** Characters. */
export interface Quantiles {
  median: number;
  p95: number;
  most: number;
}

export const dataChecks = [
  "too-long",
  "encoding",
  "html",
  "personal-data",
  "copies",
  "near-copies",
  "conflicts",
  "few-of-label",
  "unseen-labels",
  "label-errors",
  "question-leaks",
  "answer-leaks",
] as const;
export type DataCheck = (typeof dataChecks)[number];

export interface DataFinding {
  ids: string[];
  detail: string;
}

/** What became of a file of examples that was cleaned: names of the new file and the log, and counts of examples. */
export interface CleanedData {
  file: string;
  log: string;
  kept: number;
  dropped: number;
  changed: number;
  refused: number;
}
