import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { chunk, finish, sendEvents, sendJson, startServer } from "../inference/endpoint/test-server.case.ts";
import { ask, usualArm } from "./ask.ts";
import { openProject } from "./context.ts";

let folder: string;
let output: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-ask-"));
  output = join(folder, ".lorag");
  file = join(output, "results.json");
  await mkdir(output);
});

async function askIn(config: string, arm?: string) {
  await writeFile(join(folder, "lorag.yaml"), config);
  return ask(await openProject(folder), { question: "What?", ...(arm && { arm }) });
}

const usual = async (config = "") => {
  await writeFile(join(folder, "lorag.yaml"), config);
  return (await usualArm((await openProject(folder)).project)).name;
};

test("the last comparison chooses, once there is one", async () => {
  await writeFile(file, '{"verdict": {"choose": "tuned-rag"}}');
  expect(await usual()).toBe("tuned-rag");
  await writeFile(file, '{"verdict": {"choose": "mine"}}');
  expect(await usual("arms: [base, { name: mine, preset: rag }]")).toBe("mine");
});

test.each([
  ["base, rag, tuned", "rag"],
  ["tuned, base", "tuned"],
])("where none was chosen of %s, %s answers", async (arms, name) => {
  expect(await usual(`arms: [${arms}]`)).toBe(name);
  await writeFile(file, '{"verdict": {"choose": null}}');
  expect(await usual(`arms: [${arms}]`)).toBe(name);
  await writeFile(file, '{"verdict": {"choose": "removed-since"}}');
  expect(await usual(`arms: [${arms}]`)).toBe(name);
});

test("what an arm writes is heard while it writes", async () => {
  let hear = (): void => {};
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const server = await startServer(async ({ method }, response) => {
    if (method === "GET") return sendJson(response, 200, { data: [{ id: "test-model" }] });
    sendEvents(response, [chunk({ content: "Seven " })]);
    // Without a listener that hears the first piece there is no second.
    await heard;
    response.write(`data: ${JSON.stringify(chunk({ content: "o'clock." }))}\n\n`);
    response.end(`data: ${JSON.stringify(finish("stop"))}\n\ndata: [DONE]\n\n`);
  });
  const { endpoint, model } = server.entry();
  const config = `models: { far: { endpoint: "${endpoint}", model: ${model} } }\nbase_model: far\narms: [base]\n`;
  await writeFile(join(folder, "lorag.yaml"), config);
  const pieces: string[] = [];
  const onText = (text: string): void => {
    pieces.push(text);
    hear();
  };
  const { text } = await ask(await openProject(folder), { question: "When?", onText });
  expect(text).toBe("Seven o'clock.");
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe(text);
});

test("an arm that there is not is told with those that there are, the nearest first", async () => {
  await expect(askIn("arms: [base, { name: rag-long, preset: rag }]", "rag-lon")).rejects.toMatchObject({
    code: "LORAG_UNKNOWN_ARM",
    kind: "usage",
    next: expect.stringMatching(/^Name one of rag-long, /),
  });
});

test.each(["", '{"verdict": {"cho', "null", '{"verdict": 1}'])(
  "results that are damaged: %s",
  async (text) => {
    await writeFile(file, text);
    await expect(usual()).rejects.toMatchObject({
      code: "LORAG_RESULTS_DAMAGED",
      message: expect.stringContaining(file),
      next: expect.stringContaining("lorag compare"),
    });
  },
);

test("the step that makes an arm ready is named: without documents, first to put some there", async () => {
  const documents = join(folder, "documents");
  await expect(askIn("arms: [tuned]")).rejects.toMatchObject({
    code: "LORAG_NOT_TRAINED",
    next: expect.stringMatching(/^Run `lorag train tuned` first/),
  });
  await expect(askIn("arms: [base]", "rag")).rejects.toMatchObject({
    code: "LORAG_NOT_INDEXED",
    next: expect.stringContaining(`Put documents into ${documents} and run \`lorag index\``),
  });
  await mkdir(documents);
  await expect(askIn("")).rejects.toMatchObject({ next: expect.stringMatching(/^Run `lorag index` first/) });
});

test("a base model that is not there is told before the question is searched for", async () => {
  await mkdir(join(output, "index"));
  await expect(askIn("base_model: ./mine", "rag")).rejects.toMatchObject({
    code: "LORAG_MODEL_NOT_FOUND",
    message: expect.stringContaining(join(folder, "mine")),
  });
});

test("an adapter that is not as it was written is not used, and how to make it anew is said", async () => {
  const adapter = join(output, "adapters", "tuned");
  await mkdir(adapter, { recursive: true });
  await writeFile(
    join(adapter, "MANIFEST.json"),
    '{"files":{"adapter_model.safetensors":{"bytes":4,"sha256":"0"}}}',
  );
  await writeFile(join(adapter, "adapter_model.safetensors"), "four");
  await expect(askIn("arms: [tuned]")).rejects.toMatchObject({
    code: "LORAG_ADAPTER_DAMAGED",
    message: expect.stringContaining(adapter),
    next: expect.stringContaining("lorag train tuned"),
  });
});

test.each([".", "..", "documents/../documents", "documents/made", "stuff"])(
  "output_dir %s would mix what lorag writes with what is the user's",
  async (output_dir) => {
    await expect(
      askIn(`documents: ${output_dir === "stuff" ? "stuff/mine" : "documents"}\noutput_dir: ${output_dir}`),
    ).rejects.toMatchObject({
      code: "LORAG_CONFIG",
      exitCode: 78,
      message: expect.stringContaining(output_dir),
      next: expect.stringContaining("output_dir"),
    });
  },
);
