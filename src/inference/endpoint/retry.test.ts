import { expect, it } from "vitest";
import { askedWaitMs, mayPass, usualPatience, waitBeforeRetry } from "./retry.ts";

it("reads the wait asked for, in milliseconds, seconds or as a date", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  expect(askedWaitMs({ "retry-after-ms": "250", "retry-after": "9" }, now)).toBe(250);
  expect(askedWaitMs({ "retry-after": "1.5" }, now)).toBe(1500);
  expect(askedWaitMs({ "retry-after": "Tue, 01 Jan 2030 00:00:20 GMT" }, now)).toBe(20_000);
  expect(askedWaitMs({ "retry-after": "Mon, 31 Dec 2029 00:00:00 GMT" }, now)).toBe(0);
  expect(askedWaitMs({ "retry-after": "soon" }, now)).toBeUndefined();
  expect(askedWaitMs({}, now)).toBeUndefined();
});

it("waits twice as long each time, no longer than it may, and gives up", () => {
  const waits = [1, 2, 3, 4, 5, 6].map((tried) => waitBeforeRetry(tried, undefined, usualPatience, 1));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, undefined]);
  expect(waitBeforeRetry(1, undefined, usualPatience, 0)).toBe(250);
  expect(waitBeforeRetry(20, undefined, { ...usualPatience, tries: 99 }, 1)).toBe(60_000);
  expect(waitBeforeRetry(1, 3000, usualPatience, 0)).toBe(3000);
  expect(waitBeforeRetry(1, 60_001, usualPatience, 0)).toBeUndefined();
});

it("tries again what is about the moment, not about the request", () => {
  const statuses = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 529];
  expect(statuses.filter(mayPass)).toEqual([408, 409, 429, 500, 502, 503, 529]);
});
