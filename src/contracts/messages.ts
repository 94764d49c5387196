import type { Citation, Hit } from "./documents.ts";
import type { TermReport } from "./terms.ts";

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** One question with its gold answer. */
export interface Example {
  id: string;
  /** Everything before the completion: optional system message, user turns. Ends with a user message. */
  prompt: Message[];
  /** The gold answer, in the house style. */
  completion: string;
  /** Ids of the documents that bear the answer, best first; absent when unknown, empty when unanswerable. */
  documents?: string[];
  /** Free label (for example `fact`, `changed`, `unanswerable`), kept for the breakdown by type. */
  type?: string;
  /** Of a preference pair: an answer that `completion` is better than. */
  rejected?: string;
  /** What else its line says under `metadata`: groups and times to split by, where it came from. */
  metadata?: Record<string, unknown>;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens whose keys and values were reused. */
  cachedTokens: number;
  /** Of the completion, tokens spent on reasoning that is no part of the answer. */
  thinkingTokens?: number | undefined;
  /** Counted here, as the model's server did not say. */
  estimated?: true | undefined;
}

/** What an arm says to one question. */
export interface Answer {
  text: string;
  /** The answer says that it cannot be given. */
  abstained: boolean;
  /** What the model wrote, where all of it or some sentences were taken back because nothing shown bore them out. */
  withdrawn?: string;
  /** What became of the glossary's terms, where the arm uses one. */
  terms?: TermReport;
  citations: Citation[];
  /** What was shown to the model, best first; empty for arms without retrieval. */
  hits: Hit[];
  /** Number of the state of the index that was searched; see `IndexGeneration`. */
  indexGeneration?: number;
  usage: Usage;
  /** What it cost by the model's own prices per token; absent where it has none. */
  cost?: number;
  /** Milliseconds, retrieval included. */
  latencyMs: number;
  firstTokenMs: number;
}
