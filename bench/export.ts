import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import {
  ggufModelPieces,
  mergeAdapter,
  openModel,
  readAdapter,
  resolveModel,
  writeCheckpointFolder,
} from "../src/models/index.ts";
import { writeFileAtomic, writeFolderAtomic } from "../src/platform/index.ts";
import { scoreExamples, trainAdapter } from "../src/training/index.ts";
import { encodeExample } from "../src/training/objectives/encode.ts";
import { encodeOptions } from "../src/training/objectives/model-encoding.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const library = join(peers, "node/node_modules/node-llama-cpp/dist/index.js");
const heldOut = 20;

/**
 * An adapter of a few steps on Banking77, exported in each form and opened by the program that the form is for: the largest
 * difference in the log-probability of a held-out label's token from this engine's own in float32.
 */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-export-"));
  try {
    const examples = (await readBanking77()).slice(0, 200 + heldOut).map(toExample);
    const resolved = await resolveModel("HuggingFaceTB/SmolLM2-135M-Instruct");
    await trainAdapter({
      model: resolved,
      train: examples.slice(heldOut),
      validation: [],
      settings: { ...loraSettings, learning_rate: 1e-3 },
      folder: join(folder, "adapter"),
      checkpoints: join(folder, "checkpoints"),
    });
    const base = await openModel(resolved);
    const adapter = await readAdapter(join(folder, "adapter"));
    const merged = mergeAdapter(base, adapter);
    for (const [name, model] of [
      ["base", base],
      ["merged", merged],
    ] as const)
      await writeFolderAtomic(join(folder, name), (write) => writeCheckpointFolder(model, resolved, write));
    for (const type of ["F16", "Q8_0"] as const)
      await writeFileAtomic(join(folder, `${type}.gguf`), ggufModelPieces(merged, type));

    const asked = examples.slice(0, heldOut);
    const encoding = encodeOptions(base);
    const sequences = asked.map((example) => {
      const { ids, completionStart } = encodeExample(example, encoding);
      return { ids: [...ids], start: completionStart };
    });
    const [ours] = await scoreExamples([
      {
        model: resolved,
        adapter: join(folder, "adapter"),
        examples: asked,
        scratch: join(folder, "scratch"),
      },
    ]);
    const python = [join(peers, "bin/python"), ["test/golden/log_probabilities.py"]] as const;
    const node = [process.execPath, ["bench/peers/node_llama_scores.mjs", library]] as const;
    const rows = [
      {
        name: "peft",
        peer: "PEFT",
        ask: () => ask(python, { model: join(folder, "base"), adapter: join(folder, "adapter"), sequences }),
      },
      {
        name: "merged",
        peer: "transformers",
        ask: () => ask(python, { model: join(folder, "merged"), sequences }),
      },
      {
        name: "gguf-f16",
        peer: "node-llama-cpp",
        ask: () => ask(node, { model: join(folder, "F16.gguf"), sequences }),
      },
      {
        name: "gguf-q8_0",
        peer: "node-llama-cpp",
        ask: () => ask(node, { model: join(folder, "Q8_0.gguf"), sequences }),
      },
    ];
    return {
      bench: "export",
      machine: describeMachine(),
      rows: rows.map(({ name, peer, ask }) => {
        const found = ask();
        const gaps = ours!.flatMap(({ logProbabilities }, i) =>
          logProbabilities.map((value, j) => Math.abs(value - found[i]![j]!)),
        );
        const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
        return {
          name,
          value: round(Math.max(...gaps)),
          unit: `largest difference in log-probability over ${gaps.length} tokens (lower is better); ours: mean difference`,
          ours: round(mean),
          peer,
        };
      }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ask([command, args]: readonly [string, readonly string[]], job: object): number[][] {
  const input = JSON.stringify(job);
  const { status, stdout, stderr } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr || `${command} failed; is it set up? bench/peers/setup --bench`);
  return (JSON.parse(stdout.trim().split("\n").at(-1)!) as { log_probabilities: number[][] })
    .log_probabilities;
}
