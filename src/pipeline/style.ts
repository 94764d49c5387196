import type { PromptStyle } from "../arms/index.ts";
import type { ArmSpec } from "../contracts/index.ts";
import type { Project } from "./config/read-project.ts";

/** What stands around the question in an arm's prompts. */
export const styleOf = ({ config }: Project, arm: Pick<ArmSpec, "systemPrompt"> = {}): PromptStyle => ({
  systemPrompt: arm.systemPrompt ?? config.system_prompt,
  abstainAnswer: config.abstain_answer,
});
