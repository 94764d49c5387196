import { join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import {
  createChatTemplate,
  createTokenizer,
  ggufTokenizerFiles,
  readGguf,
  wordPieceFromVocabulary,
  type ChatTemplate,
  type GgufFile,
  type Tokenizer,
  type WeightSource,
} from "../../formats/index.ts";
import { exists, openFile, readText } from "../../platform/index.ts";
import { hasAdapter, readAdapter } from "../adapter.ts";
import { mergeAdapter } from "../export/merge-adapter.ts";
import { openGgufCheckpoint } from "../decoder/gguf-checkpoint.ts";
import { nameFile } from "./name-file.ts";
import { indexName, openWeights } from "./open-weights.ts";
import type { ResolvedModel } from "./resolve-model.ts";

/** A model's parts, whatever files they came from. */
export interface OpenModel {
  name: string;
  /** The GGUF file, or the folder of the checkpoint: for error messages. */
  path: string;
  fingerprint: string;
  /** `config.json` as transformers writes it; parsed by the architecture. */
  config: Record<string, unknown>;
  weights: WeightSource;
  tokenizer: Tokenizer;
  /** Absent for models that do not chat. */
  chatTemplate: ChatTemplate | undefined;
  /** Ids that end a generation. */
  endIds: number[];
  /** What the parts were read from, for those who write them again. */
  sources: ModelSources;
}

export interface ModelSources {
  /** `config.json` as it was found, or as it is made of a GGUF's metadata. */
  config: Record<string, unknown>;
  /** `tokenizer.json`. */
  tokenizer: Record<string, unknown>;
  tokenizerConfig: Record<string, unknown>;
  /** Jinja. */
  chatTemplate: string | undefined;
  /** The file, where the model is one. */
  gguf?: GgufFile;
}

/** Opens the files of a resolved model; `weights.close()` gives them back. Throws LORAG_MODEL_FORMAT and what the readers throw. */
export async function openModel(model: ResolvedModel): Promise<OpenModel> {
  const opened = await openFiles(model);
  if (model.tuned === undefined) return opened;
  const path = model.tuned;
  if (await hasAdapter(path)) {
    const merged = await nameFile(path, async () => mergeAdapter(opened, await readAdapter(path)));
    return { ...merged, path };
  }
  opened.weights.close();
  return { ...opened, path, weights: openWeights(path, ["model.safetensors"], undefined) };
}

async function openFiles(model: ResolvedModel): Promise<OpenModel> {
  const gguf = model.files.filter((file) => file.endsWith(".gguf"));
  const shards = model.files.filter((file) => file.endsWith(".safetensors"));
  if (shards.length > 0) return nameFile(model.folder, () => openCheckpoint(model, shards));
  if (gguf.length === 1) {
    const path = join(model.folder, gguf[0]!);
    return nameFile(path, () => openGguf(model, path));
  }
  throw incomplete(model, `${gguf.length} GGUF files; name one of them`);
}

function openGguf({ name, fingerprint, today }: ResolvedModel, path: string): OpenModel {
  const gguf = readGguf(openFile(path));
  const files = ggufTokenizerFiles(gguf);
  const tokenizer = createTokenizer(files.json, files.config);
  const found = gguf.metadata.get("tokenizer.chat_template");
  const template = typeof found === "string" ? found : undefined;
  const checkpoint = openGgufCheckpoint(gguf);
  const chatTemplate = template === undefined ? undefined : templateOf(template, tokenizer, today);
  return {
    name,
    path,
    fingerprint,
    ...checkpoint,
    tokenizer,
    chatTemplate,
    // Of chat models, the end of a turn may be another token than the end of a text.
    endIds: idsAmong([
      tokenizer.eos,
      gguf.metadata.get("tokenizer.ggml.eot_token_id"),
      endOfTurn(chatTemplate, tokenizer),
    ]),
    sources: {
      config: checkpoint.config,
      tokenizer: files.json,
      tokenizerConfig: files.config,
      chatTemplate: template,
      gguf,
    },
  };
}

async function openCheckpoint(model: ResolvedModel, shards: string[]): Promise<OpenModel> {
  const { name, fingerprint, folder } = model;
  const config = await readJson(model, "config.json");
  if (!config) throw incomplete(model, "no config.json");
  const tokenizerConfig = (await readJson(model, "tokenizer_config.json")) ?? {};
  const generation = (await readJson(model, "generation_config.json")) ?? {};
  const tokenizerJson = await readTokenizer(model, tokenizerConfig);
  const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig);
  const templatePath = join(folder, "chat_template.jinja");
  const found = (await exists(templatePath))
    ? await readText(templatePath)
    : defaultTemplate(tokenizerConfig["chat_template"]);
  const template = typeof found === "string" ? found : undefined;
  const weights = openWeights(folder, shards, await readJson(model, indexName));
  // As transformers has it since version 5: an output layer that is stored counts, whatever the configuration says.
  const isTied = config["tie_word_embeddings"] === true && !weights.names().includes("lm_head.weight");
  const chatTemplate = template === undefined ? undefined : templateOf(template, tokenizer, model.today);
  const stated = [generation["eos_token_id"], config["eos_token_id"], tokenizer.eos].flat();
  return {
    name,
    path: folder,
    fingerprint,
    config: { ...config, tie_word_embeddings: isTied },
    weights,
    tokenizer,
    chatTemplate,
    endIds: idsAmong([...stated, endOfTurn(chatTemplate, tokenizer)]),
    sources: { config, tokenizer: tokenizerJson, tokenizerConfig, chatTemplate: template },
  };
}

/**
 * The special token that the template writes behind an answer: many files state the end of a text alone (`<|endoftext|>`),
 * and a model that ends its turns with another (`<|im_end|>`) would go on for ever.
 */
function endOfTurn(template: ChatTemplate | undefined, tokenizer: Tokenizer): number | undefined {
  const answer = "answer";
  let text = "";
  try {
    if (template === undefined) return undefined;
    text = template.render(
      [
        { role: "user", content: "question" },
        { role: "assistant", content: answer },
      ],
      { prompt: false },
    );
  } catch {
    // A template that fails is told where it is first used.
  }
  const at = text.lastIndexOf(answer);
  if (at < 0) return undefined;
  const tail = text.slice(at + answer.length).trimStart();
  return [...tokenizer.specialTokens].find(([, written]) => tail.startsWith(written))?.[0];
}

const idsAmong = (values: unknown[]): number[] => [...new Set(values.filter((id) => typeof id === "number"))];

async function readTokenizer(
  model: ResolvedModel,
  config: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const json = await readJson(model, "tokenizer.json");
  if (json) return json;
  const vocabulary = join(model.folder, "vocab.txt");
  if (!(await exists(vocabulary))) throw incomplete(model, "neither tokenizer.json nor vocab.txt");
  return wordPieceFromVocabulary(await readText(vocabulary), {
    lowercase: config["do_lower_case"] !== false,
  }) as Record<string, unknown>;
}

/** Models with templates for several purposes list them as `{ name, template }`. */
function defaultTemplate(templates: unknown): unknown {
  if (!Array.isArray(templates)) return templates;
  return (templates as Record<string, unknown>[]).find((item) => item?.["name"] === "default")?.["template"];
}

function templateOf(source: string, tokenizer: Tokenizer, today: string | undefined): ChatTemplate {
  const written = (id: number | undefined) =>
    id === undefined ? undefined : tokenizer.specialTokens.get(id);
  const special = tokenizer.specialTokens.values();
  return createChatTemplate(
    source,
    { bos: written(tokenizer.bos), eos: written(tokenizer.eos), special },
    today,
  );
}

/** A JSON object beside the weights; undefined where there is no such file. */
export async function readJson(
  model: ResolvedModel,
  name: string,
): Promise<Record<string, unknown> | undefined> {
  const value = await readJsonValue(model, name);
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw incomplete(model, `${name} is not a JSON object`);
}

/** What a JSON file beside the weights holds; undefined where there is no such file. */
export async function readJsonValue(model: ResolvedModel, name: string): Promise<unknown> {
  const path = join(model.folder, name);
  if (!(await exists(path))) return undefined;
  try {
    return JSON.parse(await readText(path));
  } catch (cause) {
    if (cause instanceof LoragError) throw cause;
    throw incomplete(model, `${name} is not JSON`);
  }
}

function incomplete(model: ResolvedModel, what: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_FORMAT",
    kind: "data",
    message: `The model in ${model.folder} cannot be opened: ${what}`,
    next: "Give a folder with config.json, tokenizer.json and model.safetensors, or a .gguf file.",
  });
}
