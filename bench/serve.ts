import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { resolveModel } from "../src/models/index.ts";
import { openProject, openService } from "../src/pipeline/index.ts";
import { listen } from "../src/platform/index.ts";
import { createHandler } from "../src/server/index.ts";
import { createStub } from "../src/server/stub-service.case.ts";
import { writeNoiseAdapter } from "./noise-adapter.ts";
import { describeMachine, round, type BenchResult, type BenchRow } from "./result.ts";
import { load, percentile, type Load } from "./serve-load.ts";

const modelName = "smollm2-135m-instruct";
const tokens = 48;
/** For every client. */
const requestsEach = 3;

/**
 * The whole server over loopback against node-llama-cpp behind HTTP, with the same model and greedy on both sides. It is
 * given as many sequences as there are clients. One adapter a context is all that it has, so its side of the row with
 * eight adapters is the base model alone, which is the most that it could reach.
 */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-serve-bench-"));
  try {
    const adapters = join(folder, "adapters");
    const names = Array.from({ length: 8 }, (_, index) => `noise${index}`);
    for (const [index, name] of names.entries()) await writeNoiseAdapter(join(adapters, name), index + 1);
    await writeFile(join(folder, "lorag.yaml"), `base_model: ${modelName}\narms: [base]\n`);
    const service = await openService(await openProject(folder), { adapters });
    const { handle } = createHandler({
      service,
      hosts: ["127.0.0.1"],
      keys: async () => [],
      onError: (error) => console.error(error),
    });
    const listener = await listen(handle, { host: "127.0.0.1", port: 0 });
    const ours = `http://127.0.0.1:${listener.port}`;
    const rows: BenchRow[] = [];
    const one = (): string => modelName;
    const eight = (index: number): string => names[index % names.length]!;
    // What is made at the first request is no part of a rate.
    await load(ours, { clients: 8, requests: 8, tokens: 4, modelOf: eight });
    for (const clients of [1, 8, 32]) {
      const shape = { clients, requests: clients * requestsEach, tokens };
      const peer = await withPeer(clients, (address) => load(address, { ...shape, modelOf: one }));
      const plain = await load(ours, { ...shape, modelOf: one });
      const mixed = await load(ours, { ...shape, modelOf: eight });
      rows.push(
        speed(`${clients}clients`, plain, peer),
        speed(`${clients}clients-8adapters`, mixed, peer),
        firstToken(`ttft-p99-${clients}`, plain, peer),
      );
    }
    await listener.close();
    await service.close();
    return { bench: "serve", machine: describeMachine(), rows: [...rows, ...(await overhead())] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const speed = (name: string, ours: Load, peer: Load): BenchRow => ({
  name,
  value: round(ours.tokensPerSecond / peer.tokensPerSecond),
  unit: "tokens/s, ours / node-llama-cpp behind HTTP",
  ours: round(ours.tokensPerSecond),
  peer: round(peer.tokensPerSecond),
});

const firstToken = (name: string, ours: Load, peer: Load): BenchRow => ({
  name,
  value: round(ours.firstP99 / peer.firstP99),
  unit: "ms to the first token, p99, ours / peer, lower is better",
  ours: round(ours.firstP99),
  peer: round(peer.firstP99),
});

/** The better of the two numbers of threads. */
async function withPeer(clients: number, measure: (address: string) => Promise<Load>): Promise<Load> {
  const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
  const { folder, files } = await resolveModel(modelName);
  const model = join(folder, files.find((file) => file.endsWith(".gguf")) ?? files[0]!);
  const script = new URL("peers/node_llama_server.mjs", import.meta.url).pathname;
  const library = join(peers, "node/node_modules/node-llama-cpp/dist/index.js");
  let best: Load | undefined;
  for (const threads of new Set([1, availableParallelism()])) {
    const args = [script, library, model, String(clients), String(threads)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const measured = await measure(`http://127.0.0.1:${await firstLine(child)}`);
      if (!best || measured.tokensPerSecond > best.tokensPerSecond) best = measured;
    } finally {
      child.kill();
    }
  }
  return best!;
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error("node-llama-cpp ended; is it set up? bench/peers/setup --bench");
}

/** What the server itself adds, over a model that answers at once: 200 requests a second for five seconds. */
async function overhead(): Promise<BenchRow[]> {
  const { handle } = createHandler({
    service: createStub(),
    hosts: ["127.0.0.1"],
    keys: async () => [],
    limits: { places: 512, waiting: 512 },
    onError: (error) => console.error(error),
  });
  const listener = await listen(handle, { host: "127.0.0.1", port: 0 });
  const ask = async (): Promise<number> => {
    const began = performance.now();
    const response = await fetch(`http://127.0.0.1:${listener.port}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "base", messages: [{ role: "user", content: "x" }] }),
    });
    await response.text();
    return performance.now() - began;
  };
  await ask();
  const asked: Promise<number>[] = [];
  const began = performance.now();
  while (asked.length < 1000) {
    const due = Math.min(1000, Math.floor((performance.now() - began) / 5));
    while (asked.length < due) asked.push(ask());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const times = await Promise.all(asked);
  await listener.close();
  const row = (name: string, share: number, aim: number): BenchRow => ({
    name,
    value: round(percentile(times, share)),
    unit: "ms a request at 200 requests/s over a model that answers at once, lower is better",
    ours: round(percentile(times, share)),
    peer: aim,
  });
  return [row("gateway-p50", 0.5, 3), row("gateway-p99", 0.99, 20)];
}
