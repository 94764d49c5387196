import { join } from "node:path";
import { z } from "zod";
import { LoragError, problemTypes, type ProblemType } from "../../contracts/index.ts";
import { readSafetensors, writeSafetensors, type FloatTensor } from "../../formats/index.ts";
import {
  exists,
  memorySource,
  parseJson,
  readFile,
  readText,
  writeFolderAtomic,
} from "../../platform/index.ts";
import { adapterFiles, hasAdapter, readAdapter, type Adapter } from "../adapter.ts";

const configName = "head_config.json";
const weightsName = "head_model.safetensors";

const headConfig = z.object({
  base_model_name_or_path: z.string(),
  problem_type: z.enum(problemTypes),
  /** In the order of the scores; of a regression none. */
  labels: z.array(z.string()),
  pooling: z.enum(["mean", "cls", "last"]),
  /** Texts are cut at so many tokens. */
  max_length: z.int().positive(),
  hidden_size: z.int().positive(),
});

/** A head as it is kept: what it was trained on, and how its vectors are made. */
export interface Head {
  baseModel: string;
  problem: ProblemType;
  labels: readonly string[];
  pooling: z.infer<typeof headConfig>["pooling"];
  maxTokens: number;
  hiddenSize: number;
  /** `score.weight` [outputs, hiddenSize] and, on an encoder, `score.bias` [outputs]. */
  tensors: ReadonlyMap<string, FloatTensor>;
  /** What the model was tuned with along with it. */
  adapter?: Adapter | undefined;
}

/** Writes a head and its adapter, which PEFT reads, into one folder, whole or not at all. */
export async function writeHead(folder: string, head: Head): Promise<void> {
  const config: z.infer<typeof headConfig> = {
    base_model_name_or_path: head.baseModel,
    problem_type: head.problem,
    labels: [...head.labels],
    pooling: head.pooling,
    max_length: head.maxTokens,
    hidden_size: head.hiddenSize,
  };
  await writeFolderAtomic(folder, async (write) => {
    await write(configName, `${JSON.stringify(config, null, 2)}\n`);
    await write(weightsName, writeSafetensors(head.tensors));
    if (!head.adapter) return;
    for (const [name, content] of adapterFiles(head.adapter, "FEATURE_EXTRACTION"))
      await write(name, content);
  });
}

/** Throws LORAG_HEAD_INVALID, and what reading its adapter throws. */
export async function readHead(folder: string): Promise<Head> {
  for (const name of [configName, weightsName]) {
    if (!(await exists(join(folder, name)))) throw invalid(folder, `${name} is not there`);
  }
  const parsed = headConfig.safeParse(parseJson(await readText(join(folder, configName))));
  if (!parsed.success) throw invalid(folder, `${configName}: ${z.prettifyError(parsed.error).slice(0, 200)}`);
  const { data: config } = parsed;
  const path = join(folder, weightsName);
  const file = readSafetensors(memorySource(await readFile(path), path));
  const outputs = config.problem_type === "regression" ? 1 : config.labels.length;
  const shapes: Record<string, number[]> = {
    "score.weight": [outputs, config.hidden_size],
    "score.bias": [outputs],
  };
  const tensors = new Map(
    file.names().map((name) => {
      const shape = file.shape(name);
      if (shape.join() !== shapes[name]?.join())
        throw invalid(
          folder,
          `the tensor ${name} has the shape [${shape.join(", ")}], not [${shapes[name]?.join(", ") ?? ""}]`,
        );
      return [name, { shape, data: file.read(name) }] as const;
    }),
  );
  if (!tensors.has("score.weight")) throw invalid(folder, "it has no score.weight");
  return {
    baseModel: config.base_model_name_or_path,
    problem: config.problem_type,
    labels: config.labels,
    pooling: config.pooling,
    maxTokens: config.max_length,
    hiddenSize: config.hidden_size,
    tensors,
    ...((await hasAdapter(folder)) && { adapter: await readAdapter(folder) }),
  };
}

function invalid(folder: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_HEAD_INVALID",
    kind: "data",
    message: `The head in ${folder} is not valid: ${what}`,
    next: "Train it again with `lorag train`.",
  });
}
