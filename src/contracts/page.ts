import type { NamedAdapter } from "./adapters.ts";
import type { Chunk, Citation } from "./documents.ts";
import type { PlainError } from "./errors.ts";
import type { Progress } from "./progress.ts";
import type { QuestionRecord } from "./question-record.ts";
import type { Results } from "./results.ts";
import type { ServedModel } from "./service.ts";

/** What the page and its server say to each other, besides what other contracts already have. */

export interface ListedProject {
  name: string;
  /** Names of the contenders. */
  arms: string[];
  /** Of the last comparison. */
  verdict?: string;
  /** When that was, ISO 8601. */
  compared?: string;
  /** Why the project cannot be opened. */
  fault?: string;
}

/** A file in the documents folder. */
export interface ListedDocument {
  name: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** What became of a document when it was read. */
export interface DocumentOutcome {
  name: string;
  title: string;
  characters: number;
  passages: number;
  warnings: string[];
  /** Why it is left out. */
  skipped?: string;
}

/** Whether what is searched is what lies in the folder. */
export interface IndexState {
  state: "none" | "current" | "behind" | "indexing" | "failed";
  message?: string;
}

export interface DocumentList {
  files: ListedDocument[];
  index: IndexState;
  /** A larger file is not taken. */
  mostBytes: number;
}

/** A document as a model reads it. */
export interface DocumentView {
  id: string;
  title: string;
  text: string;
  passages: { header: string; text: string; start: number; end: number; page: number | null }[];
  warnings: string[];
}

export interface ListedExample {
  id: string;
  /** `train`, `validation`, `held out`, or why it is in none. */
  part: string;
  type: string | null;
  question: string;
  gold: string;
  documents: string[] | null;
  /** How its answers are graded: the mode. */
  grading: string;
}

export interface ExampleList {
  examples: ListedExample[];
  /** Rows that cannot be read: while there are any, nothing is used. */
  refused: { place: string; problem: string }[];
}

/** An example as a tuned arm without retrieval is trained on it. */
export interface ExampleView {
  id: string;
  part: string;
  prompt: string;
  promptTokens: number;
  trained: string[];
}

/** A fault of a config; line and column count from 1. */
export interface ConfigFaultView {
  line: number;
  column: number;
  text: string;
}

export interface ConfigText {
  text: string;
  /** Of `text`: whoever saves says what they changed. */
  sha256: string;
}

export interface CheckedConfig {
  faults: ConfigFaultView[];
  /** What the text says, where it can be read: by dotted key, only keys that are written. */
  values: Record<string, unknown>;
}

/** A key of lorag.yaml for a form. */
export interface ConfigKey {
  /** Dotted. */
  key: string;
  kind: "text" | "number" | "integer" | "boolean" | "choice" | "list" | "named" | "other";
  choices?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  help: string;
  /** Of each entry, where the value is a list of sections, or sections by name. */
  fields?: ConfigKey[];
}

/** Who competes in a run, by name, and whether tuned arms are trained on fewer examples too. */
export interface RunRequest {
  arms: string[];
  curve: boolean;
}

export interface RunStage {
  /** As in progress reports. */
  id: string;
  label: string;
  /** Expected on a usual machine. */
  seconds: number;
  /** By an earlier run. */
  isDone: boolean;
}

export interface RunEstimate {
  stages: RunStage[];
  /** Of what is left to do. */
  seconds: number;
  /** Of the machine's time. */
  cost: number;
  currency: string;
  /** Read and written by models that answer, and what endpoints charge for them, where they have prices. */
  tokens: { prompt: number; completion: number; cost?: number };
  /** Bytes: of the largest process, and free now; absent where no model that is here takes part. */
  memory?: { needed: number; free: number };
  /** Held out. */
  questions: number;
  warnings: string[];
}

/** A run that was started with a record. */
export interface RunView extends RunRequest {
  id: string;
  state: "running" | "done" | "failed" | "paused" | "stopped" | "cut off";
  /** ISO 8601. */
  began: string;
  ended?: string;
  activeSeconds: number;
  /** Of the machine's time so far. */
  cost: number;
  currency: string;
  /** As they were expected at the start. */
  stages: RunStage[];
  hasResults: boolean;
  error?: PlainError;
}

/** A line of a run's `events.jsonl`, beside its `at`. */
export type RunEvent =
  | { kind: "began"; process: { pid: number; start?: string } }
  | { kind: "progress"; progress: Progress }
  | { kind: "warning"; code: string; message: string }
  | { kind: "asked"; what: "pause" | "stop" | "resume" }
  | { kind: "ended"; outcome: "done" | "failed" | "interrupted"; error?: PlainError };

/** An arm that can be chosen for a run. */
export interface Contender {
  name: string;
  /** In lorag.yaml. */
  isListed: boolean;
  /** Null where no language model answers. */
  model: string | null;
  context: string;
  isTuned: boolean;
}

export interface LatestAnswer {
  id: string;
  text: string;
  abstained: boolean;
}

/** What the page of the verdict shows. */
export interface ResultsSummary {
  project: string;
  /** ISO 8601. */
  when: string;
  /** Of the report, as it writes them. */
  sections: Record<"head" | "verdict" | "charts" | "figures" | "types" | "tests" | "method", string>;
  arms: { name: string; hue: number; isFailed: boolean }[];
  questions: {
    id: string;
    type: string | null;
    asked: string;
    gold: string;
    /** By arm. */
    right: Record<string, boolean>;
  }[];
  /** Grades set by hand: those in these results, and those that came after. */
  overrides: { used: number; pending: number };
}

/** A question with all answers, and the passages that were shown for them. */
export interface QuestionView {
  question: QuestionRecord;
  passages: Results["passages"];
  /** Ids of the questions beside it. */
  before: string | null;
  after: string | null;
}

/** What changed from one run to a later one. */
export interface RunComparison {
  /** Questions that both asked, with the same gold. */
  shared: number;
  onlyBefore: number;
  onlyAfter: number;
  arms: {
    name: string;
    n: number;
    /** Right answers. */
    before: number;
    after: number;
    gained: number;
    lost: number;
    /** McNemar's exact test, two-sided. */
    p: number;
    isChance: boolean;
  }[];
  changes: RunChange[];
}

/** A question that an arm answers right in one run and wrong in the other. */
export interface RunChange {
  id: string;
  arm: string;
  before: string;
  after: string;
  isRight: boolean;
}

/** A line of what the chat streams. */
export type ChatEvent =
  | { kind: "text"; text: string }
  | { kind: "done"; answer: ChatAnswer }
  | { kind: "failed"; error: PlainError };

export interface ChatAnswer {
  text: string;
  citations: Citation[];
  /** What was shown to the model, best first. */
  passages: Pick<Chunk, "id" | "documentId" | "title" | "headings" | "text" | "start">[];
  promptTokens: number;
  completionTokens: number;
  latencyMs: number;
  firstTokenMs: number;
  cost: number;
  currency: string;
}

/** What a person says of an answer in the chat. */
export interface ChatFeedback {
  question: string;
  answer: string;
  /** Who answered. */
  model: string;
  isGood: boolean;
  /** What should have been said. */
  corrected?: string;
}

export interface ServingView {
  models: (ServedModel & { bytes?: number })[];
  /** Memory that the page's own server takes, in bytes. */
  memory: number;
  /** Of the project's `adapters` folder. */
  adapters: NamedAdapter[];
  /** What those in memory take, in bytes. */
  adapterMemory: number;
  /** The model that they must fit. */
  base: string;
}

export interface GlossaryView {
  /** In the project's folder; absent where there is none. */
  file?: string;
  terms: {
    source: string;
    targets: string[];
    forbidden: string[];
    definition: string;
    /** Documents that hold the term, with how often. */
    hits: { document: string; count: number }[];
  }[];
  findings: string[];
}

export interface GraphView {
  documents: number;
  passages: number;
  entities: number;
  communities: number;
  commonest: { label: string; passages: number }[];
  /** Communities that are part of no other, by their best joined entities. */
  largest: { label: string; entities: number }[];
  /** Around one entity. */
  nodes: { id: string; kind: "passage" | "term" | "name" | "phrase"; label: string }[];
  links: { source: string; target: string; kind: "mentions" | "next" | "synonym"; weight: number }[];
}

/** How the passages of an answer hang together with its question. */
export interface AnswerPathsView extends Pick<GraphView, "nodes" | "links"> {
  /** For each passage that can be reached, ids of nodes from an entity of the question to it. */
  paths: string[][];
}
