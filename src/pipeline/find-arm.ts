import { LoragError, armPresetNames, type ArmPreset, type ArmSpec } from "../contracts/index.ts";
import { likeness } from "../text/index.ts";
import { projectArm } from "./config/project-arms.ts";
import { configFile, type Project } from "./config/read-project.ts";

/** An arm of the project by its name, or a preset that lorag.yaml does not list. */
export function knownArm({ arms, config }: Project, name: string): ArmSpec | undefined {
  const listed = arms.find((arm) => arm.name === name);
  if (listed) return listed;
  return armPresetNames.includes(name as ArmPreset) ? projectArm(config, name as ArmPreset) : undefined;
}

/** The same. Throws LORAG_UNKNOWN_ARM. */
export function findArm(project: Project, name: string): ArmSpec {
  const found = knownArm(project, name);
  if (found) return found;
  const { arms } = project;
  const known = [...new Set([...arms.map((arm) => arm.name), ...armPresetNames])];
  const nearest = known.toSorted((a, b) => likeness(b, name) - likeness(a, name));
  throw new LoragError({
    code: "LORAG_UNKNOWN_ARM",
    kind: "usage",
    message: `There is no arm ${JSON.stringify(name)}`,
    next: `Name one of ${nearest.join(", ")}, or add it to \`arms\` in ${configFile}.`,
  });
}
