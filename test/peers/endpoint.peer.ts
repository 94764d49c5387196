import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpointSchema, type ChatModel, type EndpointEntry } from "../../src/contracts/index.ts";
import { checkEndpoint, createEndpointModel } from "../../src/inference/index.ts";
import { resolveModel } from "../../src/models/index.ts";

const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const maxTokens = 16;
const name = "peer/smollm2";
const questions = ["What is the capital of France?", "Name three colours.", "Say hello in Italian."];

interface Said {
  text: string;
  promptTokens: number;
  completionTokens: number;
}
let expected: Said[] = [];
let endpoint = "";
let stop = (): void => {};
afterAll(() => stop());

beforeAll(async () => {
  const cache = mkdtempSync(join(tmpdir(), "lorag-served-"));
  const model = await resolveModel("smollm2-135m-instruct");
  const gguf = join(
    model.folder,
    model.files.find((file) => file.endsWith(".gguf"))!,
  );
  const script = ["test/peers/served_model.py", gguf, cache, name, String(maxTokens), ...questions];
  const own = spawnSync(join(peers, "bin/python"), script, { encoding: "utf8" });
  if (own.status !== 0) throw new Error(own.stderr || String(own.error));
  expected = JSON.parse(own.stdout.trim().split("\n").at(-1)!) as Said[];
  const port = await freePort();
  const server = spawn(
    join(peers, "bin/transformers"),
    ["serve", "--host", "127.0.0.1", "--port", `${port}`, "--device", "cpu"],
    { env: { ...process.env, HF_HUB_OFFLINE: "1", HF_HUB_CACHE: cache }, stdio: "ignore" },
  );
  stop = () => void server.kill();
  endpoint = `http://127.0.0.1:${port}/v1`;
  await untilUp(`http://127.0.0.1:${port}/health`);
});

const entryOf = (more: Partial<EndpointEntry> = {}): EndpointEntry =>
  endpointSchema.parse({ endpoint, model: name, timeout: 120, ...more });
const ask = (served: ChatModel, content: string, onText?: (text: string) => void) =>
  served.generate({
    messages: [{ role: "user", content }],
    sampling: { maxTokens },
    ...(onText && { onText }),
  });

test("greedy answers through transformers' own server are those of the library, streamed or whole", async () => {
  for (const body of [{}, { stream: false }]) {
    const served = createEndpointModel({ entry: entryOf({ body }) });
    for (const [index, question] of questions.entries()) {
      let heard = "";
      const { text, usage, finishReason } = await ask(served, question, (piece) => (heard += piece));
      const own = expected[index]!;
      expect(text).toBe(own.text);
      expect(heard).toBe(own.text);
      expect(usage).toMatchObject({
        promptTokens: own.promptTokens,
        completionTokens: own.completionTokens,
      });
      expect(usage.estimated).toBeUndefined();
      expect(finishReason).toBe(own.completionTokens < maxTokens ? "stop" : "length");
    }
  }
});

// It answers 500 to a model that it has not got.
test("its list of models is read, and shown where it has not the one asked for", async () => {
  expect(await checkEndpoint(entryOf())).toEqual({ isListed: true, models: [name] });
  const other = entryOf({ model: "peer/smollm3" });
  expect(await checkEndpoint(other)).toMatchObject({ isListed: false });
  await expect(ask(createEndpointModel({ entry: other }), questions[0]!)).rejects.toMatchObject({
    code: "LORAG_ENDPOINT_MODEL",
    next: expect.stringContaining(name) as string,
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Importing torch takes it a while. */
async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${url} never answered`);
}
