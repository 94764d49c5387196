import type { Context } from "../context.ts";
import { findArm } from "../find-arm.ts";

/** The project with these contenders in place of those of its config: arms that it lists, or presets. Throws LORAG_UNKNOWN_ARM. */
export function withArms(context: Context, names: readonly string[]): Context {
  if (names.length === 0) return context;
  const { project } = context;
  return {
    ...context,
    project: { ...project, arms: [...new Set(names)].map((name) => findArm(project, name)) },
  };
}
