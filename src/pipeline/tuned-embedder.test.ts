import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTinyEncoder } from "../models/tiny-encoder.case.ts";
import { ask } from "./ask.ts";
import { compare } from "./compare.ts";
import { openProject } from "./context.ts";
import { index } from "./index-project.ts";

/** Names of the house that say nothing of what they stand for: only examples tell. */
const names = { Heron: "refund", Ferry: "night shift", Kite: "new colleague", Fern: "mobile phone" };
const asks = ["How do I get a", "Who deals with a", "Help me with a", "Where is the", "Which process has a"];

test("an arm whose embedding model is tuned has an index of its own, which ask and index keep to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-tuned-embedder-"));
  await mkdir(join(folder, "documents"));
  const words = [...Object.entries(names), asks, "is run on floor moved made 1 2 3 4 9 . ? :"].flat();
  const sizes = { hidden: 32, intermediate: 48, longest: 64 };
  writeTinyEncoder(join(folder, "encoder"), words.join(" ").toLowerCase().split(" "), sizes);
  const write = (path: string, text: string) => writeFile(join(folder, path), text);
  const examples = await Promise.all(
    Object.entries(names).map(async ([name, thing], place) => {
      await write(`documents/${name}.md`, `# ${name}\n\n${name} is run on floor ${place + 1}.\n`);
      return asks.map((begin) => ({
        messages: [
          { role: "user", content: `${begin} ${thing}?` },
          { role: "assistant", content: `On floor ${place + 1}.` },
        ],
        metadata: { documents: [`${name}.md`] },
      }));
    }),
  );
  await write(
    "examples.jsonl",
    examples
      .flat()
      .map((row) => JSON.stringify(row))
      .join("\n"),
  );
  await write(
    "lorag.yaml",
    [
      "embedding_model: ./encoder",
      "datasets: [{ path: examples.jsonl }]",
      "test_set_size: 4",
      "retrieval: { mode: vector, top_k: 1 }",
      "arms:",
      "  - quote",
      "  - { name: tuned, preset: quote, tuning: { method: embedder, learning_rate: 0.02, num_epochs: 8 } }",
    ].join("\n"),
  );
  const { results } = await compare(await openProject(folder), { width: 100, color: false });
  const [, tuned] = results.arms;
  expect(tuned).toMatchObject({ status: "ok", retrieval: { k: 1 }, training: { examples: 14 } });
  const own = (await readdir(join(folder, ".lorag"))).filter((name) => name.startsWith("index-embedder-"));
  expect(own).toHaveLength(1);
  const question = { question: "Who deals with a refund?", arm: "tuned" };
  expect((await ask(await openProject(folder), question)).hits).toHaveLength(1);

  await write("documents/Heron.md", "# Heron\n\nHeron moved: a refund is made on floor 9.\n");
  await index(await openProject(folder));
  const { hits } = await ask(await openProject(folder), question);
  expect(hits[0]!.chunk.text).toContain("floor 9");
});
