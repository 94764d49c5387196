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
  kind: "text" | "number" | "integer" | "boolean" | "choice" | "other";
  choices?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  help: string;
}
