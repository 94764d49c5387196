import type { ArmSummary } from "../../contracts/index.ts";
import { list } from "../../text/index.ts";

export interface FailureGroup {
  names: string;
  several: boolean;
  error: Extract<ArmSummary, { status: "failed" }>["error"];
}

/** Arms that failed for the same reason are told of together. */
export function groupFailures(arms: readonly ArmSummary[]): FailureGroup[] {
  const failed = arms.filter((arm) => arm.status === "failed");
  const reasonOf = ({ error }: (typeof failed)[number]) => `${error.message}\n${error.next}`;
  return [...new Set(failed.map(reasonOf))].map((reason) => {
    const alike = failed.filter((arm) => reasonOf(arm) === reason);
    return {
      names: list(alike.map(({ name }) => name)),
      several: alike.length > 1,
      error: alike[0]!.error,
    };
  });
}
