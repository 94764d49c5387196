import { retrieves, usesModel } from "../arms/index.ts";
import type { Arm, ArmSpec, Service } from "../contracts/index.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import { indexOf } from "./index-spec.ts";
import type { Parts } from "./parts.ts";
import { armPrefix, createServedModels, hostedAdapters } from "./served-models.ts";
import { checkIndex } from "./steps/check-index.ts";
import { openArm } from "./steps/open-arm.ts";
import { prepare } from "./steps/prepare.ts";

/**
 * Opens a project to answer for as long as it stays open: the base model by its name, each adapter by its key, each arm
 * that is ready as `PROJECT:ARM`, and `PROJECT:auto`, which is the choice of the last comparison. An arm puts the question
 * as it was compared; the base model and adapters take the messages as they are. Parts are opened when first needed.
 */
export async function openService(context: Context): Promise<Service & { close(): Promise<void> }> {
  const { project } = context;
  const { base_model: base, embedding_model: embedding, max_new_tokens } = project.config;
  const parts = await assemble(context);
  const prefix = armPrefix(project);
  const served = createServedModels(project);
  const openOnce = createOpenOnce(context, parts);

  const armOf = async (id: string): Promise<ArmSpec | undefined> => {
    if (!id.startsWith(prefix)) return undefined;
    const name = id.slice(prefix.length);
    return name === "auto" ? (await served()).auto : project.arms.find((arm) => arm.name === name);
  };

  return {
    models: async () => (await served()).models,
    async answer(id, { messages, sampling, signal, onText }) {
      const options = { sampling, signal, ...(onText && { onText }) };
      const spec = await armOf(id);
      if (spec) {
        const { text, usage, citations, hits } = await (await openOnce(spec)).answer(messages, options);
        const most = sampling.maxTokens ?? max_new_tokens;
        const finishReason = signal.aborted
          ? "cancelled"
          : usage.completionTokens >= most
            ? "length"
            : "stop";
        return { text, usage, citations, hits, finishReason };
      }
      const adapter = hostedAdapters(project, project.arms).find(({ key }) => key === id);
      const model = adapter?.arm.model ?? base;
      // Opening its arm loads an adapter.
      if (adapter) await openOnce(adapter.arm);
      const generator = await parts.generator(model);
      const generation = await generator.generate({ messages, ...options, ...(adapter && { adapter: id }) });
      return { ...generation, citations: [], hits: [] };
    },
    embed: async (texts, signal) => (await parts.embedder(embedding)).embed(texts, { signal }),
    close: () => parts.close(),
  };
}

/** Opens each arm at its first question; a failure is not kept. */
function createOpenOnce(context: Context, parts: Parts): (arm: ArmSpec) => Promise<Arm> {
  const opened = new Map<string, Promise<Arm>>();
  const open = async (arm: ArmSpec): Promise<Arm> => {
    if (usesModel(arm)) await parts.checkModel(arm.model);
    if (retrieves(arm)) await checkIndex(context, (await parts.index(indexOf(context.project, arm))).store);
    const examples = async () => (await prepare({ ...context, warn: () => {} }, true)).train;
    return openArm(context.project, parts, arm, examples);
  };
  return (arm) => {
    const made = opened.get(arm.name) ?? open(arm);
    opened.set(arm.name, made);
    made.catch(() => opened.delete(arm.name));
    return made;
  };
}
