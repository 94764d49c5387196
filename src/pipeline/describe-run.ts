import { createRequire } from "node:module";
import type { Run } from "../contracts/index.ts";
import { describeMachine } from "../platform/index.ts";
import type { Project } from "./config/read-project.ts";
import type { Warning } from "./context.ts";
import type { IndexOutcomes } from "./steps/update-indexes.ts";
import type { Prepared } from "./steps/prepare.ts";

const manifest = createRequire(import.meta.url)("../../package.json") as { version: string };

/** The facts that a reader of the results needs to judge or repeat them. */
export function describeRun(
  project: Project,
  prepared: Prepared,
  indexed: IndexOutcomes | undefined,
  warnings: Warning[],
): Run {
  const { cpu, cores, memoryGb, platform, node } = describeMachine();
  const { base_model, embedding_model, seed } = project.config;
  return {
    project: project.name,
    when: new Date().toISOString(),
    seed,
    lorag: manifest.version,
    machine: { cpu, cores, memoryGb, platform, node, device: "cpu" },
    models: { base: base_model, embedder: indexed ? embedding_model : null },
    ...(indexed && {
      indexes: Object.fromEntries([...indexed.indexes].map(([key, { generation }]) => [key, generation])),
    }),
    split: {
      train: prepared.train.length,
      validation: prepared.validation.length,
      test: prepared.test.length,
      hash: prepared.testHash,
    },
    warnings: warnings.map(({ message }) => message),
  };
}
