import * as fc from "fast-check";
import { expect, it } from "vitest";
import { boxAround, boxesAlong, boxOf, placeLabels, sharedArea } from "./place-labels.ts";

const frame = { left: 44, top: 0, right: 460, bottom: 216 };

it("puts a name at the right of its point, else at the left, above, below", () => {
  const point = { x: 200, y: 100, name: "rag" };
  const place = (drawn: ReturnType<typeof boxAround>[]) => {
    const [label] = placeLabels([point], drawn, frame);
    return [Math.sign(label!.x - point.x), Math.sign(label!.y - point.y)];
  };
  const [right, left, above] = [boxAround(220, 100, 5), boxAround(180, 100, 5), boxAround(200, 80, 5)];
  expect(place([])).toEqual([1, 0]);
  expect(place([right])).toEqual([-1, 0]);
  expect(place([right, left])).toEqual([0, -1]);
  expect(place([right, left, above])).toEqual([0, 1]);
});

it("keeps names inside the frame and apart, however close the points lie", () => {
  const point = fc.record({
    x: fc.integer({ min: 44, max: 436 }),
    y: fc.integer({ min: 14, max: 216 }),
    name: fc.constantFrom("base", "rag", "tuned", "tuned-rag"),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 4 }), (points) => {
      const dots = points.map(({ x, y }) => boxAround(x, y, 6.5));
      const boxes = placeLabels(points, dots, frame).map((label, index) => boxOf(label, points[index]!.name));
      for (const [index, box] of boxes.entries()) {
        const size = (box.right - box.left) * (box.bottom - box.top);
        expect(sharedArea(box, frame)).toBeCloseTo(size, 6);
        for (const other of boxes.slice(0, index)) expect(sharedArea(box, other)).toBe(0);
      }
    }),
  );
});

it("keeps a name off a line", () => {
  const line = boxesAlong([
    { x: 100, y: 100 },
    { x: 400, y: 100 },
  ]);
  const [label] = placeLabels([{ x: 100, y: 100, name: "tuned" }], line, frame);
  const box = boxOf(label!, "tuned");
  for (const piece of line) expect(sharedArea(box, piece)).toBe(0);
});
