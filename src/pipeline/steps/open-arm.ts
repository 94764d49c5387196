import { createArm, retrieves, usesModel } from "../../arms/index.ts";
import {
  LoragError,
  type Arm,
  type ArmSpec,
  type ChatModel,
  type Classifier,
  type Embedder,
  type Example,
} from "../../contracts/index.ts";
import { isCompleteFolder } from "../../platform/index.ts";
import { readRemoteModel } from "../../training/index.ts";
import { adapterOf, searchedIndex } from "../adapter-spec.ts";
import type { Project } from "../config/read-project.ts";
import { indexOf, retrievalOf } from "../index-spec.ts";
import { wayOf } from "../retrieval-way.ts";
import type { Parts } from "../parts.ts";
import { similarExamples } from "../similar-examples.ts";
import { styleOf } from "../style.ts";
import { armVersion } from "./training-examples.ts";

/** What an arm was made of: identities of its base model, index and adapter, and the examples that it can show. */
export interface ArmMaterials {
  model: string;
  index: string | undefined;
  adapter: string | undefined;
  examples: Example[];
  /** Tells the glossary's content, where the arm uses it. */
  glossary?: string | undefined;
}

/** What answers behind an endpoint cannot be held token by token. */
export const isHeld = (project: Project, arm: ArmSpec): boolean =>
  (arm.grounded ?? true) && isLocal(project, arm);

const isLocal = (project: Project, { model }: ArmSpec): boolean => typeof project.entryOf(model) === "string";

/** Everything that an arm's answers depend on besides the questions. */
export function answerInputs(project: Project, arm: ArmSpec, made: ArmMaterials): unknown[] {
  const { arithmetic, max_new_tokens } = project.config;
  const model = usesModel(arm) ? [made.model, arithmetic, max_new_tokens] : [];
  return [
    armVersion,
    [arm.name, arm.context, arm.answerer, styleOf(project, arm), isHeld(project, arm), ...model],
    retrieves(arm) ? [made.index, retrievalOf(project, arm)] : [],
    made.adapter,
    arm.glossary ? [arm.glossary, made.glossary] : [],
    arm.examples ? [arm.examples, made.examples, indexOf(project, arm).embeddingModel] : [],
  ];
}

/**
 * `examples` gives those that the arm may show as earlier turns; `adapter` may be another training of the same arm.
 * Throws LORAG_ADAPTER_DAMAGED where the adapter is not as it was trained.
 */
export async function openArm(
  project: Project,
  parts: Parts,
  arm: ArmSpec,
  examples: () => Promise<Example[]>,
  adapter = adapterOf(project, arm),
): Promise<Arm> {
  if (adapter && !(await isCompleteFolder(adapter.folder))) throw damagedAdapter(arm.name, adapter.folder);
  const classifies = arm.answerer === "classify";
  // Trained weights are a model of their own, and DoRA, which no batch mixes with others, is merged into one; a plain
  // adapter was trained on a model of this machine, which hosts it.
  const isWhole = adapter?.settings.method === "full" || adapter?.settings.method === "dora";
  const isRemote = adapter && (await readRemoteModel(adapter.folder)) !== undefined;
  const tuned = isWhole || isRemote ? adapter.folder : undefined;
  const findsBetter = adapter?.settings.method === "embedder";
  const hosted = adapter && !classifies && !findsBetter && tuned === undefined;
  if (usesModel(arm) && !classifies) {
    const model = await parts.generator(arm.model, tuned);
    if (hosted) await model.loadAdapter?.(adapter.key, adapter.folder);
  }
  const classifier = (): Promise<Classifier> => parts.classifier(arm.model, adapter!.folder);
  if (classifies) await classifier();
  const index = indexOf(project, arm);
  const { top_k } = retrievalOf(project, arm);
  const retrieve = parts.retrieve(wayOf(project, arm, searchedIndex(project, arm, adapter)));
  const embedder = (): Promise<Embedder> => parts.embedder(index.embeddingModel);
  const made = createArm(arm, {
    model: () => parts.generator(arm.model, tuned),
    classifier,
    ...(hosted && { adapter: adapter.key }),
    isHeld: isHeld(project, arm),
    style: styleOf(project, arm),
    sampling: { maxTokens: project.config.max_new_tokens },
    retrieve: (question) => retrieve(question, top_k),
    similar: similarExamples(examples, embedder, arm.examples ?? 0),
    embed: async (texts, as) => (await embedder()).embed(texts, { as }),
    cite: parts.cite,
    ...(arm.glossary && { glossary: parts.glossary }),
    ...(arm.glossary &&
      isLocal(project, arm) && { pieces: countPieces(() => parts.generator(arm.model, tuned)) }),
  });
  if (!retrieves(arm)) return made;
  const searched = searchedIndex(project, arm, adapter);
  return {
    ...made,
    answer: async (prompt, options) => {
      // Before the search: an answer is at least as new as the index it names.
      const generation = await (await parts.index(searched)).store.generation();
      const answer = await made.answer(prompt, options);
      return { ...answer, ...(generation && { indexGeneration: generation.number }) };
    },
  };
}

/** Tokens of a word inside of a text. */
function countPieces(model: () => Promise<ChatModel>): (word: string) => Promise<number> {
  const count = async (content: string): Promise<number> =>
    (await model()).countTokens([{ role: "user", content }]);
  return async (word) => (await count(`a ${word}`)) - (await count("a"));
}

function damagedAdapter(arm: string, folder: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_DAMAGED",
    kind: "data",
    message: `The adapter in ${folder} is damaged: a file is missing or not as it was written`,
    next: `Run \`lorag train ${arm}\`, which trains it again.`,
  });
}
