import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTinyServer, taught, type TinyServer } from "../tiny-server.ts";

const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const model = "./model";
let server: TinyServer;
let embedder = "";

beforeAll(async () => {
  server = await openTinyServer();
  embedder = (await server.service.models()).find(({ kind }) => kind === "embedder")!.id;
});
afterAll(async () => {
  await server?.close();
  expect(server.faults).toEqual([]);
});

/** Not waited for by blocking: the server runs in this process. */
async function output(command: string, args: string[]): Promise<{ text: string; code: number | null }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const gather = (piece: Buffer): void => void (text += piece.toString());
  child.stdout.on("data", gather);
  child.stderr.on("data", gather);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { text, code };
}

interface Tried {
  name: string;
  error: string | null;
}
const triedIn = (text: string): Tried[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Tried);

test("openai and LangChain of PyPI: chat, streams, embeddings, files, vector stores, tuning", async () => {
  const lines = join(server.folder, "taught.jsonl");
  await writeFile(lines, taught("red").join("\n"));
  const args = ["test/peers/openai_clients.py", server.address, model, embedder, lines];
  const { text, code } = await output(join(peers, "bin/python"), args);
  expect(code, text).toBe(0);
  const tried = triedIn(text);
  expect(tried.length).toBe(15);
  expect(tried.filter(({ error }) => error !== null)).toEqual([]);
});

test("LlamaIndex of PyPI: chat, a stream, embeddings", async () => {
  const args = ["test/peers/llama_index_client.py", server.address, model, embedder];
  const { text, code } = await output(join(peers, "llama-index/bin/python"), args);
  expect(code, text).toBe(0);
  expect(triedIn(text)).toEqual([
    { name: "chat", error: null },
    { name: "embeddings", error: null },
  ]);
});

test("openai, the AI SDK and LangChain of npm", async () => {
  const args = ["test/peers/openai_clients.mjs", join(peers, "clients"), server.address, model, embedder];
  const { text, code } = await output(process.execPath, args);
  expect(code, text).toBe(0);
  const tried = triedIn(text);
  expect(tried.map(({ name }) => name)).toEqual(["openai", "aiSdkCompatible", "aiSdkOpenai", "langchain"]);
  expect(tried.filter(({ error }) => error !== null)).toEqual([]);
});

test("schemathesis finds no request of /openapi.json that the server fails at", async () => {
  const address = server.address.replace(/\/v1$/, "");
  const { text, code } = await output(join(peers, "bin/schemathesis"), [
    "run",
    `${address}/openapi.json`,
    "--url",
    address,
    "--seed",
    "1",
    "--max-examples",
    "10",
    "--phases",
    "coverage,fuzzing",
    "--checks",
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method",
    "--no-color",
  ]);
  expect(code, text).toBe(0);
});
