import { expect, test } from "vitest";
import { formatTimeLeft, showProgress } from "./progress.ts";

function record(isTerminal: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const display = showProgress({
    write: (text) => written.push(text),
    isTerminal,
    columns: 80,
    now: () => clock.now,
  });
  return { written, clock, display };
}

test("without a terminal there is a line every 10% or 5 s, and the last one", () => {
  const { written, clock, display } = record(false);
  for (let done = 0; done <= 100; done++) {
    clock.now = done * 100;
    display.onProgress({ step: "Training tuned", done, total: 100, unit: "steps" });
  }
  expect(written[0]).toBe("Training tuned: 0%  0/100 steps\n");
  expect(written.at(-2)).toMatch(/ 9\d\/100 steps {2}a few seconds left\n$/);
  expect(written.at(-1)).toBe("Training tuned: 100%  100/100 steps\n");
  expect(written.length).toBeLessThanOrEqual(12);
  expect(written.join("")).not.toContain("\x1b");
});

test("a terminal gets one line, redrawn and wiped", () => {
  const { written, clock, display } = record(true);
  display.onProgress({ step: "Indexing", done: 1, total: 4, note: "fares.md", remainingSeconds: 120 });
  clock.now = 50;
  display.onProgress({ step: "Indexing", done: 2, total: 4 });
  display.clear();
  expect(written).toEqual([
    "\r\x1b[2KIndexing █████░░░░░░░░░░░░░░░  25%  1/4  fares.md  about 2 min left",
    "\r\x1b[2K",
  ]);
});

test("a step of unknown length is counted", () => {
  const { written, display } = record(false);
  display.onProgress({ step: "Reading", done: 7, unit: "files" });
  expect(written).toEqual(["Reading  7 files\n"]);
});

test("bytes are told in megabytes", () => {
  const { written, display } = record(false);
  display.onProgress({ step: "Downloading a", done: 0, total: 98_362_432, unit: "B" });
  display.onProgress({ step: "Downloading b", done: 12_345_678, unit: "B" });
  display.onProgress({ step: "Downloading c", done: 4_240_000, total: 9_100_000, unit: "B" });
  expect(written).toEqual([
    "Downloading a: 0%  0.0/98 MB\n",
    "Downloading b  12 MB\n",
    "Downloading c: 46%  4.2/9.1 MB\n",
  ]);
});

test.each([
  [3, "a few seconds left"],
  [44, "about 40 s left"],
  [430, "about 7 min left"],
  [9000, "about 2.5 h left"],
])("%d s: %s", (seconds, words) => {
  expect(formatTimeLeft(seconds)).toBe(words);
});
