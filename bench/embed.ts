import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Tokenizer } from "../src/formats/index.ts";
import { createEmbedder } from "../src/inference/index.ts";
import { openModel, resolveModel } from "../src/models/index.ts";
import { cacheFolder } from "../src/platform/index.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";
import { dot } from "../src/vectors/index.ts";

const modelName = "sentence-transformers/all-MiniLM-L6-v2";
const threads = 2;
const chunkTokens = 128;
const chunks = 192;
const passes = 3;
const rounds = 3;
const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const python = join(peers, "bin/python");
const script = (name: string): string => new URL(`peers/${name}`, import.meta.url).pathname;

/** Chunks of 128 tokens a second, text to vector, against sentence-transformers on torch CPU and transformers.js. */
export async function run(): Promise<BenchResult> {
  const model = await resolveModel(modelName);
  const { tokenizer, weights } = await openModel(model);
  weights.close();
  const texts = readChunks(tokenizer);
  const job = { model: model.folder, texts, threads, passes };
  let reference: Float32Array[] = [];
  const st = (dtype: string) => async (): Promise<number> => {
    const { seconds, vectors } = await runPeer(python, [script("embed_st.py")], { ...job, dtype });
    if (dtype === "float32") reference = splitRows(vectors!, texts.length);
    return Math.min(...seconds);
  };
  const js = exportForTransformersJs(model.folder);
  const ours = await createEmbedder({ model, arithmetic: "int8", threads });
  await ours.embed(texts);
  const vectors = await ours.embed(texts);
  const best = await interleave(
    rounds,
    {
      int8: async () => {
        const seconds: number[] = [];
        for (let pass = 0; pass < passes; pass++) {
          const began = performance.now();
          await ours.embed(texts);
          seconds.push((performance.now() - began) / 1000);
        }
        return Math.min(...seconds);
      },
      "st-f32": st("float32"),
      "st-bf16": st("bfloat16"),
      "transformers-js-f32": async () => {
        const args = [script("embed_transformers_js.mjs")];
        const { seconds } = await runPeer(process.execPath, args, { ...job, ...js, batch: 8 });
        return Math.min(...seconds);
      },
    },
    "lower",
  );
  await ours.close();

  const perSecond = (seconds: number): string => `${round(texts.length / seconds)} chunks/s`;
  const ratio = (peer: "st-f32" | "st-bf16" | "transformers-js-f32") => ({
    name: `int8/${peer}`,
    value: round(best[peer] / best.int8),
    unit: "speed-up",
    ours: perSecond(best.int8),
    peer: perSecond(best[peer]),
  });
  const cosines = vectors.map((vector, row) => dot(vector, reference[row]!));
  return {
    bench: "embed",
    machine: describeMachine(),
    rows: [
      ratio("st-f32"),
      ratio("st-bf16"),
      ratio("transformers-js-f32"),
      {
        name: "cosine-min",
        value: Math.floor(Math.min(...cosines) * 1e4) / 1e4,
        unit: "cosine of int8 with sentence-transformers f32, least over the chunks",
        ours: `mean ${round(cosines.reduce((a, b) => a + b, 0) / cosines.length)}`,
        peer: 1,
      },
    ],
  };
}

/** Abstracts of SciFact, cut at a word so that each has 128 tokens or a few fewer, [CLS] and [SEP] included. */
function readChunks(tokenizer: Tokenizer): string[] {
  const corpus = readFileSync(new URL("../../shared/data/scifact/corpus.jsonl", import.meta.url), "utf8");
  const found: string[] = [];
  for (const line of corpus.split("\n")) {
    if (found.length === chunks || line === "") break;
    const words = (JSON.parse(line) as { text: string }).text.split(" ");
    let count = 1;
    const length = (): number => tokenizer.encode(words.slice(0, count).join(" "), { special: true }).length;
    while (count < words.length && length() <= chunkTokens) count++;
    if (count < words.length) found.push(words.slice(0, count - 1).join(" "));
  }
  return found;
}

/** The ONNX export that transformers.js needs, made once, and where its library lies. */
function exportForTransformersJs(model: string): { library: string; folder: string; model: string } {
  const folder = join(cacheFolder(), "bench");
  if (!existsSync(join(folder, "minilm/onnx/model.onnx"))) {
    execFileSync(python, [script("minilm_onnx.py"), model, join(folder, "minilm")], { stdio: "ignore" });
  }
  const library = join(
    peers,
    "transformers-js/node_modules/@huggingface/transformers/dist/transformers.node.mjs",
  );
  return { library, folder, model: "minilm" };
}

/** Runs a peer that reads its job from stdin and prints JSON last. */
function runPeer(
  program: string,
  args: string[],
  job: object,
): Promise<{ seconds: number[]; vectors?: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (errors += piece.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`${args[0]} ended with code ${code}: ${errors.slice(-500)}`));
      resolve(JSON.parse(output.trim().split("\n").at(-1)!) as { seconds: number[]; vectors?: string });
    });
    child.stdin.end(JSON.stringify(job));
  });
}

function splitRows(base64: string, rows: number): Float32Array[] {
  const flat = new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
  const size = flat.length / rows;
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * size, (row + 1) * size));
}
