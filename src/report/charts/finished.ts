import type { ArmResult, Results } from "../../contracts/index.ts";

/** As many colours as the style sheet has. */
export const hueCount = 12;

/** Arms that ran, the best first, with the number of their colour. */
export function listFinished({ arms, primary }: Results): { arm: ArmResult; hue: number }[] {
  return arms
    .flatMap((arm, index) => (arm.status === "ok" ? [{ arm, hue: index % hueCount }] : []))
    .sort((a, b) => b.arm.metrics[primary].value - a.arm.metrics[primary].value);
}
