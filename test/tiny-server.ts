import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, openService, type ServiceOptions } from "../src/pipeline/index.ts";
import { listen } from "../src/platform/index.ts";
import { createHandler } from "../src/server/index.ts";
import { checkReplies } from "../src/server/check-reply.case.ts";
import { writeTinyLlama } from "../src/training/tiny-llama.case.ts";

export interface TinyServer {
  folder: string;
  /** With `/v1`. */
  address: string;
  service: Awaited<ReturnType<typeof openService>>;
  /** What clients were not told. */
  faults: unknown[];
  close(): Promise<void>;
}

/** Serves a tiny model of random weights, `./model`, which learns within seconds what it is taught by jobs, and what is in `adapters/`. */
export async function openTinyServer(options: ServiceOptions = {}): Promise<TinyServer> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-serve-"));
  const model = join(folder, "model");
  await writeTinyLlama(model);
  const config = JSON.parse(await readFile(join(model, "config.json"), "utf8")) as object;
  await writeFile(join(model, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 2048 }));
  await writeFile(
    join(folder, "lorag.yaml"),
    "base_model: ./model\narithmetic: f32\narms: [base]\nlearning_rate: 0.02\nmicro_batch_size: 2\n" +
      "gradient_accumulation_steps: 1\nsequence_len: 64\nval_set_size: 0\nevals_per_epoch: 1\nmax_new_tokens: 16\n",
  );
  const adapters = join(folder, "adapters");
  await mkdir(adapters);
  const service = await openService(await openProject(folder), { adapters, ...options });
  const faults: unknown[] = [];
  const handler = createHandler({
    service,
    hosts: ["127.0.0.1"],
    keys: async () => [],
    onError: (error) => faults.push(error),
  });
  const listener = await listen(checkReplies(handler), { host: "127.0.0.1", port: 0 });
  return {
    folder,
    address: `http://127.0.0.1:${listener.port}/v1`,
    service,
    faults,
    close: async () => {
      await listener.close();
      await service.close();
    },
  };
}

/** A JSONL file of chats that all end with one answer. */
export const taught = (answer: string): string[] =>
  [..."abcdefghijkl"].map((letter) =>
    JSON.stringify({
      messages: [
        { role: "user", content: `what is ${letter}?` },
        { role: "assistant", content: answer },
      ],
    }),
  );
