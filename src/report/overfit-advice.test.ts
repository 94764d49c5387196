import { expect, test } from "vitest";
import { overfitAdvice } from "./overfit-advice.ts";

const curve = (points: [train: number | null, validation: number | null][]) =>
  points.map(([train, validation], step) => ({ step, train, validation }));

test("a validation loss that rises above its best while training goes on to learn is told, with the step that was kept", () => {
  const told = overfitAdvice(
    curve([
      [null, 3],
      [2, 1.5],
      [1, null],
      [0.5, 1.6],
      [0.1, 2.1],
    ]),
  );
  expect(told).toMatch(
    /step 1 \(1\.500\) and rose to 2\.100, with a training loss of 0\.100; the weights of step 1/,
  );
  expect(
    overfitAdvice(
      curve([
        [null, 1],
        [0.9, 1.2],
        [0.5, 2],
      ]),
    ),
  ).toMatch(/untrained weights were kept/);
});

test("one that falls, wavers, rises along with the training loss or was not measured is not", () => {
  expect(
    overfitAdvice(
      curve([
        [null, 3],
        [2, 2],
        [1, 1.2],
      ]),
    ),
  ).toBeUndefined();
  expect(
    overfitAdvice(
      curve([
        [null, 3],
        [2, 1.5],
        [1, 1.52],
      ]),
    ),
  ).toBeUndefined();
  expect(
    overfitAdvice(
      curve([
        [null, 3],
        [2, 1.5],
        [4, 3],
      ]),
    ),
  ).toBeUndefined();
  expect(
    overfitAdvice(
      curve([
        [2, null],
        [1, null],
      ]),
    ),
  ).toBeUndefined();
  expect(overfitAdvice([])).toBeUndefined();
});
