import { join } from "node:path";
import { isTunedArm, retrieves } from "../arms/index.ts";
import type { Answerer, Arm, ArmName, ServedModel } from "../contracts/index.ts";
import { exists } from "../platform/index.ts";
import { chosenArm, usualArm } from "./ask.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import { checkIndex } from "./steps/check-index.ts";
import { openArm } from "./steps/open-arm.ts";

/**
 * Opens a project to answer for as long as it stays open: the base model by its name, each adapter by its own, each arm
 * that is ready as `PROJECT:ARM`, and `PROJECT:auto`, which is the choice of the last comparison. An arm answers as it was
 * compared; the base model and adapters take the request's messages and sampling as they are. Parts are opened when first
 * needed.
 */
export async function openAnswerer(context: Context): Promise<Answerer & { close(): Promise<void> }> {
  const { project } = context;
  const { base_model: base, embedding_model: embedding, arms } = project.config;
  const parts = await assemble(context);
  await parts.checkBaseModel();
  const created = Math.floor(Date.now() / 1000);
  const adapterFolder = (name: string): string => join(project.output, "adapters", name);
  const isReady = async (arm: ArmName): Promise<boolean> =>
    (!isTunedArm(arm) || (await exists(adapterFolder(arm)))) &&
    (!retrieves(arm) || (await exists(join(project.output, "index"))));
  const prefix = `${project.name}:`;
  const auto = async (): Promise<ArmName> => (await chosenArm(project.output)) ?? usualArm(arms);

  const opened = new Map<ArmName, Promise<Arm>>();
  const open = (name: ArmName): Promise<Arm> => {
    const arm = opened.get(name) ?? make(name);
    opened.set(name, arm);
    arm.catch(() => opened.delete(name));
    return arm;
  };
  const make = async (name: ArmName): Promise<Arm> => {
    if (retrieves(name)) await checkIndex(context, await parts.store());
    const adapter = isTunedArm(name) ? { folder: adapterFolder(name), fingerprint: "" } : undefined;
    return openArm(project, parts, { name, ...(adapter && { adapter }) });
  };

  return {
    async models() {
      const model = (id: string, kind: ServedModel["kind"], more = {}): ServedModel => ({
        id,
        kind,
        created,
        ...more,
      });
      const ready: ArmName[] = [];
      for (const arm of arms) if (await isReady(arm)) ready.push(arm);
      return [
        model(base, "base"),
        ...ready.filter(isTunedArm).map((name) => model(name, "adapter", { root: base, parent: base })),
        ...ready.map((name) => model(prefix + name, "arm", { root: base })),
        ...(ready.includes(await auto())
          ? [model(`${prefix}auto`, "arm", { root: prefix + (await auto()) })]
          : []),
        model(embedding, "embedder"),
      ];
    },
    async answer(model, { messages, sampling, signal, onText }) {
      const options = { signal, ...(onText && { onText }) };
      if (model.startsWith(prefix)) {
        const name = model.slice(prefix.length);
        const arm = await open(name === "auto" ? await auto() : (name as ArmName));
        const { text, usage, citations, hits } = await arm.answer(messages, options);
        return { text, usage, citations, hits, finishReason: signal.aborted ? "cancelled" : "stop" };
      }
      // Opening its arm loads an adapter.
      if (model !== base) await open(model as ArmName);
      const generator = await parts.generator();
      const adapter = model === base ? {} : { adapter: model };
      const generation = await generator.generate({ messages, sampling, ...adapter, ...options });
      return { ...generation, citations: [], hits: [] };
    },
    embed: async (texts, signal) => (await parts.embedder()).embed(texts, { signal }),
    close: () => parts.close(),
  };
}
