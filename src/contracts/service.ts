import type { Sampling } from "./chat-model.ts";
import type { Citation, Hit } from "./documents.ts";
import type { Message, Usage } from "./messages.ts";

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
}

export interface ServedRequest {
  messages: Message[];
  sampling: Partial<Sampling>;
  signal: AbortSignal;
  /** Called with text that will not be taken back. */
  onText?: (text: string) => void;
}

export interface ServedAnswer {
  text: string;
  finishReason: "stop" | "length" | "cancelled";
  usage: Usage;
  citations: Citation[];
  /** What was shown to the model, best first. */
  hits: Hit[];
}

/** What a server gives out: answers for as long as it is open, many requests at a time. */
export interface Service {
  models(): Promise<ServedModel[]>;
  /** `model` is an id of `models`. What is given to `onText` is the beginning of the answer's text. */
  answer(model: string, request: ServedRequest): Promise<ServedAnswer>;
  /** Unit vectors by the model of kind `embedder`. */
  embed(texts: string[], signal: AbortSignal): Promise<Float32Array[]>;
}
