import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { TrainingRecord } from "../../contracts/index.ts";
import { renderLoss } from "./loss.ts";

const trained: TrainingRecord = {
  adapter: "tuned",
  examples: 8,
  steps: 20,
  bestStep: 10,
  seconds: 1,
  device: "cpu",
  losses: [
    { step: 0, train: null, validation: 3 },
    { step: 10, train: 1, validation: 1.5 },
    { step: 20, train: 0.2, validation: 2.4 },
  ],
  retention: { before: 3.5, after: 4 },
};

const draw = (change: Partial<TrainingRecord> = {}) =>
  parseHTML(renderLoss([{ name: "tuned", training: { ...trained, ...change }, hue: 1 }])).document;

describe("the chart of losses", () => {
  it("draws the loss on general text from before to the step that was kept, and says so", () => {
    const document = draw();
    const [path] = document.querySelectorAll(".general");
    const ring = document.querySelector(".ring")!;
    const [from, to] = path!.getAttribute("d")!.slice(1).split("L");
    expect(to!.split(" ")[0]).toBe(ring.getAttribute("cx"));
    // 4 is above 3.5, and both are above every other loss.
    expect(Number(to!.split(" ")[1])).toBeLessThan(Number(from!.split(" ")[1]));
    expect(Number(to!.split(" ")[1])).toBeGreaterThan(0);
    expect(document.toString()).toContain("dashed: general text");
    expect(document.toString()).toContain("general text from 3.50 to 4.00");
  });

  it("says nothing of general text where it was not measured", () => {
    const document = draw({ retention: null });
    expect(document.querySelectorAll(".general")).toHaveLength(0);
    expect(document.toString()).not.toContain("general text");
  });

  it.each([
    ["one point", { losses: [{ step: 0, train: null, validation: 0 }], bestStep: null, steps: 0 }],
    ["losses of 0", { losses: [0, 1, 2].map((step) => ({ step, train: 0, validation: 0 })) }],
    ["nothing measured", { losses: [{ step: 4, train: null, validation: null }] }],
    ["no step kept", { bestStep: null }],
    ["a loss past all others", { losses: [{ step: 1, train: 1e30, validation: 1 }] }],
  ])("has a place for every number with %s", (_name, change) => {
    expect(draw(change).toString()).not.toMatch(/NaN|Infinity|undefined/);
  });
});
