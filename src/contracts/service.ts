import type { AdapterRegistry } from "./adapters.ts";
import type { Constraint, Generation, Sampling } from "./chat-model.ts";
import type { Grounding } from "./arm.ts";
import type { Citation, Hit } from "./documents.ts";
import type { Message, Usage } from "./messages.ts";
import type { Storage } from "./storage.ts";

/** A model that a server gives out. */
export interface ServedModel {
  /** What clients ask for. */
  id: string;
  kind: "base" | "adapter" | "arm" | "embedder";
  /** Of an adapter or arm, what it stands on. */
  root?: string;
  parent?: string;
  /** Seconds since 1970. */
  created: number;
  /** The only key's name that sees it; absent for everyone. */
  owner?: string;
}

export interface ServedRequest {
  messages: Message[];
  sampling: Partial<Sampling>;
  /** For a base model or adapter; arms keep the form in which they were compared. */
  constraint?: Constraint;
  topLogprobs?: number;
  /** Passages to answer from, in place of what the model would find or do without. */
  hits?: Hit[];
  signal: AbortSignal;
  /** When an answer from passages is held against them; `before` by default. */
  grounding?: Grounding;
  /** Who asks: one gets the same version of an adapter each time. */
  user?: string;
  /** Told which version of an adapter will answer, where the model's name may stand for several. */
  onVersion?: (id: string) => void;
  /** Called with text that will not be taken back, but where `grounding` is `after`. */
  onText?: (text: string) => void;
}

export interface ServedAnswer {
  text: string;
  finishReason: "stop" | "length" | "cancelled";
  usage: Usage;
  logprobs?: Generation["logprobs"];
  citations: Citation[];
  /** What was shown to the model, best first. */
  hits: Hit[];
  /** Number of the state of the index that was searched, of an arm that retrieves. */
  indexGeneration?: number;
}

/** What a server gives out: answers for as long as it is open, many requests at a time. */
export interface Service {
  models(): Promise<ServedModel[]>;
  /** `model` is an id of `models`. What is given to `onText` is the beginning of the answer's text, but where `grounding` is `after`. */
  answer(model: string, request: ServedRequest): Promise<ServedAnswer>;
  /** Unit vectors by the model of kind `embedder`. */
  embed(texts: string[], signal: AbortSignal, as?: "query" | "passage"): Promise<Float32Array[]>;
  /** Files, vector stores and fine-tuning jobs, where the server keeps any. */
  storage?: Storage;
  /** What is measured now, by the names that Prometheus is given. */
  gauges?: () => Record<string, number>;
  /** Adapters by their registered names, where a client may take them in and out. */
  adapters?: AdapterRegistry;
}
