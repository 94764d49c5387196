import { z } from "zod";
import { LoragError, type EndpointEntry } from "../../contracts/index.ts";
import { httpExchange, parseJson, type HttpLimits, type HttpReply } from "../../platform/index.ts";

const jobSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  training_file: z.string().nullish(),
  fine_tuned_model: z.string().nullish(),
  trained_tokens: z.number().nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type FineTuningJob = z.output<typeof jobSchema>;

const eventSchema = z.looseObject({
  id: z.string(),
  message: z.string().nullish(),
  type: z.string().nullish(),
  data: z
    .looseObject({
      step: z.number().nullish(),
      total_steps: z.number().nullish(),
      train_loss: z.number().nullish(),
      valid_loss: z.number().nullish(),
    })
    .nullish(),
});
export type FineTuningEvent = z.output<typeof eventSchema>;

/** An OpenAI-compatible fine-tuning endpoint (https://platform.openai.com/docs/api-reference/fine-tuning). */
export interface FineTuningApi {
  /** Uploads a file of examples; gives its id. */
  upload(name: string, lines: string): Promise<string>;
  create(body: Record<string, unknown>): Promise<FineTuningJob>;
  job(id: string): Promise<FineTuningJob>;
  /** The newest ones. */
  jobs(): Promise<FineTuningJob[]>;
  /** In the order in which they came about. */
  events(id: string): Promise<FineTuningEvent[]>;
  cancel(id: string): Promise<void>;
}

/** An answer that did not come, or was none: what was asked may have been done all the same. */
export class Unanswered extends Error {
  readonly error: LoragError;
  constructor(error: LoragError) {
    super(error.message);
    this.error = error;
  }
}

export interface ApiOptions {
  /** Tries of a question that changes nothing, and the first wait between two, which doubles. */
  tries?: number;
  firstWaitMs?: number;
  environment?: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal | undefined;
}

const most = { reply: 16 * 2 ** 20, jobs: 100, events: 100 };

/**
 * Questions (GET) are asked again while that may help. What changes something is asked once: an answer that is lost says
 * nothing of whether it was done, and throws Unanswered. Throws LORAG_TRAINING_KEY, LORAG_TRAINING_REFUSED.
 */
export function createFineTuningApi(
  entry: EndpointEntry,
  { tries = 6, firstWaitMs = 1000, environment = process.env, signal }: ApiOptions = {},
): FineTuningApi {
  const key = readKey(entry, environment);
  const hide = (text: string): string => (key === undefined ? text : text.replaceAll(key, "[key]"));
  const limits: HttpLimits = {
    connectMs: 10_000,
    firstByteMs: entry.timeout * 1000,
    idleMs: 60_000,
    totalMs: entry.timeout * 1000,
    maxBytes: most.reply,
  };

  const send = async <Value>(
    method: "GET" | "POST",
    path: string,
    schema: z.ZodType<Value>,
    body?: { type: string; text: string },
  ): Promise<Value> => {
    const url = new URL(`${entry.endpoint.replace(/\/+$/, "")}/${path}`);
    let reply: HttpReply;
    let text: string;
    try {
      reply = await httpExchange({
        method,
        url,
        limits,
        // What changes something may have been done though its answer is lost.
        ...(method === "POST" && { once: true }),
        headers: {
          accept: "application/json",
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body && { "content-type": body.type }),
        },
        ...(body && { body: body.text }),
        ...(signal && { signal }),
      });
      text = await readText(reply);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof LoragError) throw new Unanswered(error);
      throw error;
    }
    if (reply.status >= 500 || reply.status === 408)
      throw new Unanswered(refused(url, reply.status, hide(text)));
    if (reply.status < 200 || reply.status >= 300) throw refused(url, reply.status, hide(text));
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new Unanswered(refused(url, reply.status, hide(text.slice(0, 200) || "an empty answer")));
  };

  const ask = async <Value>(path: string, schema: z.ZodType<Value>): Promise<Value> => {
    for (let tried = 1; ; tried++) {
      try {
        return await send("GET", path, schema);
      } catch (error) {
        const mayPass = error instanceof Unanswered || isTooMany(error);
        if (!mayPass || tried >= tries) throw error instanceof Unanswered ? error.error : error;
        await wait(firstWaitMs * 2 ** (tried - 1), signal);
      }
    }
  };
  const json = (body: unknown) => ({ type: "application/json", text: JSON.stringify(body) });
  const list = <Item>(item: z.ZodType<Item>) => z.looseObject({ data: z.array(item) });
  return {
    upload: async (name, lines) => {
      const boundary = "lorag-examples-5b1f0c";
      const parts = [
        `--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n`,
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/jsonl\r\n\r\n${lines}\r\n`,
        `--${boundary}--\r\n`,
      ];
      const type = `multipart/form-data; boundary=${boundary}`;
      return (await send("POST", "files", z.looseObject({ id: z.string() }), { type, text: parts.join("") }))
        .id;
    },
    create: (body) => send("POST", "fine_tuning/jobs", jobSchema, json(body)),
    job: (id) => ask(`fine_tuning/jobs/${encodeURIComponent(id)}`, jobSchema),
    jobs: async () => (await ask(`fine_tuning/jobs?limit=${most.jobs}`, list(jobSchema))).data,
    events: async (id) =>
      (
        await ask(`fine_tuning/jobs/${encodeURIComponent(id)}/events?limit=${most.events}`, list(eventSchema))
      ).data.toReversed(),
    cancel: async (id) => {
      await send("POST", `fine_tuning/jobs/${encodeURIComponent(id)}/cancel`, jobSchema, json({}));
    },
  };
}

async function readText({ body }: HttpReply): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

/** Resolves after so long; rejects with the signal's reason. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

const isTooMany = (error: unknown): boolean =>
  error instanceof LoragError &&
  error.code === "LORAG_TRAINING_REFUSED" &&
  error.message.includes("status 429");

function readKey(entry: EndpointEntry, environment: ApiOptions["environment"]): string | undefined {
  if (entry.api_key_env === undefined) return undefined;
  const key = environment?.[entry.api_key_env]?.trim();
  if (key) return key;
  throw new LoragError({
    code: "LORAG_TRAINING_KEY",
    kind: "config",
    message: `Training at ${entry.endpoint} needs a key, and the environment variable ${entry.api_key_env} is not set`,
    next: `Set ${entry.api_key_env} in the environment that lorag runs in.`,
  });
}

function refused(url: URL, status: number, said: string): LoragError {
  return new LoragError({
    code: "LORAG_TRAINING_REFUSED",
    kind: "unavailable",
    message: `${url.origin}${url.pathname} answered with status ${status}: ${said.replaceAll(/\s+/g, " ").slice(0, 300)}`,
    next: "Look at what it says; what was started there is recorded, so run the command again when it is mended.",
  });
}
