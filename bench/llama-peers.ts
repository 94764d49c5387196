import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { resolveModel } from "../src/models/index.ts";
import { makeFolder } from "../src/platform/index.ts";

const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const script = (name: string): string => new URL(`peers/${name}`, import.meta.url).pathname;

export type PeerRequest =
  | { job: "decode"; sequences: number; context: number; steps: number; flash?: false }
  | { job: "prefill"; tokens: number };

/** A llama.cpp in a process of its own, which waits between requests. */
export interface LlamaPeer {
  /** Tokens a second with the fastest of the files (Q4_1 as published, Q8_0 made of it) and of 1 and 2 threads. */
  best(request: PeerRequest): Promise<number>;
  close(): void;
}

export async function openLlamaPeers(): Promise<{ native: LlamaPeer; node: LlamaPeer }> {
  const files = await modelFiles();
  const library = join(peers, "node/node_modules/node-llama-cpp/dist/index.js");
  return {
    native: openPeer(join(peers, "bin/python"), [script("llama_decode.py"), ...files], files.length),
    node: openPeer(process.execPath, [script("node_llama_decode.mjs"), library, ...files], files.length),
  };
}

async function modelFiles(): Promise<string[]> {
  const { folder, files } = await resolveModel("smollm2-135m-instruct");
  const published = join(folder, files.find((file) => file.endsWith(".gguf")) ?? files[0]!);
  const q8 = join(peers, "models", "SmolLM2-135M-Instruct.Q8_0.gguf");
  if (!existsSync(q8)) {
    await makeFolder(join(peers, "models"));
    const quantize = [script("llama_decode.py"), "--quantize", published, q8, "Q8_0"];
    execFileSync(join(peers, "bin/python"), quantize, { stdio: "ignore" });
  }
  return [published, q8];
}

function openPeer(command: string, args: string[], models: number): LlamaPeer {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<number> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ended; is it set up? bench/peers/setup --bench`);
    return (JSON.parse(value) as { tokens_per_second: number }).tokens_per_second;
  };
  return {
    best: async (request) => {
      let best = 0;
      for (let model = 0; model < models; model++) {
        for (const threads of [1, 2]) best = Math.max(best, await ask({ ...request, model, threads }));
      }
      return best;
    },
    close: () => child.kill(),
  };
}
