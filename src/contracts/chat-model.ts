import type { Message, Usage } from "./messages.ts";

/** Sampling as OpenAI names it. `temperature` 0 is greedy. */
export interface Sampling {
  maxTokens: number;
  temperature: number;
  topP: number;
  /** 0 keeps every token. */
  topK: number;
  /** 1 changes nothing. */
  repetitionPenalty: number;
  stop: string[];
  seed: number;
}

export const greedy: Sampling = {
  maxTokens: 128,
  temperature: 0,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
  stop: [],
  seed: 0,
};

/** What the text of an answer is held to, token by token, while it is written. */
export type Constraint =
  /** JSON that a JSON schema allows. */
  | { kind: "json"; schema: unknown }
  /** Figures, codes, dates and proper names are those of the texts; markers `[n]` go up to `markers`. Local models alone. */
  | { kind: "grounded"; texts: string[]; markers: number };

export interface GenerationRequest {
  messages: Message[];
  /** A name given to `loadAdapter`; absent runs the base model. */
  adapter?: string;
  sampling?: Partial<Sampling>;
  constraint?: Constraint;
  /** Log probabilities of the answer's tokens are wanted, each with so many of the likeliest in its place, 20 at most. */
  topLogprobs?: number;
  /** Generation ends within one token of the abort; the promise resolves with finishReason `cancelled`. */
  signal?: AbortSignal;
  /** Called with each new piece of text. */
  onText?: (text: string) => void;
}

/** A token of an answer, and how likely the model held it, whatever the sampling. */
export interface TokenLogprob {
  /** What it adds to the text; half a character is U+FFFD. */
  token: string;
  /** Natural logarithm. */
  logprob: number;
}

export interface Generation {
  text: string;
  finishReason: "stop" | "length" | "cancelled";
  usage: Usage;
  /** Where they were asked for: each token with the likeliest in its place, likeliest first. */
  logprobs?: (TokenLogprob & { top: TokenLogprob[] })[];
  /** Milliseconds since the request was made. */
  firstTokenMs: number;
  totalMs: number;
  /** What it cost by the model's own prices per token; absent where it has none. */
  cost?: number;
}

/** Answers chats, many at a time. Calls may overlap; where adapters can be loaded, each call may name its own. */
export interface ChatModel {
  /** Names the model and its arithmetic; answers made under another identity are those of another model. */
  readonly identity: string;
  /**
   * Throws LORAG_PROMPT_TOO_LONG, LORAG_UNKNOWN_ADAPTER, LORAG_SAMPLING, LORAG_SCHEMA; LORAG_REPLY_* where one question has no answer
   * though others may have; LORAG_ENDPOINT_* and LORAG_BUDGET where no question would have one.
   */
  generate(request: GenerationRequest): Promise<Generation>;
  /** Tokens of the chat after the template, generation prompt included; about so many where only an endpoint knows. */
  countTokens(messages: Message[]): Promise<number>;
  close(): Promise<void>;
}

/** Takes adapters in and out while its base model answers. */
export interface AdapterHost {
  /** Binds a PEFT adapter folder to a name, replacing what had the name. The base is not reloaded. */
  loadAdapter(name: string, folder: string): Promise<void>;
  unloadAdapter(name: string): Promise<void>;
}
