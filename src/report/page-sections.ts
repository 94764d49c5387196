import type { Results } from "../contracts/index.ts";
import { writeComparison, writeTypes } from "./figures-section.ts";
import { writeMethod } from "./method-section.ts";
import { writeCharts, writeHeader, writeVerdict } from "./sections.ts";
import { writeTests } from "./tests-section.ts";

/** The report's sections but for the questions, as markup in its own order, for a page that shows those another way. */
export function renderSections(
  results: Results,
): Record<"head" | "verdict" | "charts" | "figures" | "types" | "tests" | "method", string> {
  return {
    head: writeHeader(results).markup,
    verdict: writeVerdict(results).markup,
    charts: writeCharts(results).markup,
    figures: writeComparison(results).markup,
    types: writeTypes(results).markup,
    tests: writeTests(results).markup,
    method: writeMethod(results).markup,
  };
}
