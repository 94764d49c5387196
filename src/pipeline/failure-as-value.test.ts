import { expect, test } from "vitest";
import { LoragError, type ErrorKind } from "../contracts/index.ts";
import { appendJsonLine } from "../platform/index.ts";
import { failureAsValue } from "./failure-as-value.ts";

const { signal } = new AbortController();
const failing = (kind: ErrorKind) => () =>
  Promise.reject(new LoragError({ code: "LORAG_SOME", kind, message: "no", next: "try" }));

test("what is wrong with one arm is a value, and a bug in it too", async () => {
  expect(await failureAsValue(signal, () => Promise.resolve(7))).toBe(7);
  expect(await failureAsValue(signal, failing("data"))).toMatchObject({ code: "LORAG_SOME" });
  const bug = () => Promise.reject(new TypeError("x is not a function"));
  expect(await failureAsValue(signal, bug)).toMatchObject({
    code: "LORAG_ARM_FAILED",
    message: "x is not a function",
  });
});

test("a disk that takes nothing ends the comparison", async () => {
  const write = () => appendJsonLine("/dev/full", {});
  await expect(failureAsValue(signal, write)).rejects.toMatchObject({ code: "LORAG_DISK_FULL" });
});

test("Ctrl-C ends the comparison", async () => {
  const aborted = AbortSignal.abort();
  await expect(failureAsValue(aborted, failing("data"))).rejects.toMatchObject({ code: "LORAG_SOME" });
});
