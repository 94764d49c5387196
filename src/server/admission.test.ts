import { expect, it } from "vitest";
import { createAdmission } from "./admission.ts";

const free = new AbortController().signal;
const anyone = { name: "" };

it("says when to come back from the rate at which requests leave", async () => {
  let now = 0;
  const admission = createAdmission({ places: 1, waiting: 2 }, () => now);
  let leave = await admission.enter(free, anyone);
  // One leaves every three seconds.
  for (let index = 0; index < 10; index++) {
    now += 3000;
    leave();
    leave = await admission.enter(free, anyone);
  }
  const waiting = [admission.enter(free, anyone), admission.enter(free, anyone)];
  const refused = (await admission.enter(free, anyone).catch((error: unknown) => error)) as {
    status: number;
    retryAfterSeconds: number;
  };
  expect(refused.status).toBe(429);
  expect(refused.retryAfterSeconds).toBeGreaterThan(6);
  expect(refused.retryAfterSeconds).toBeLessThan(10);
  leave();
  (await waiting[0]!)();
  (await waiting[1]!)();
  expect([admission.inside, admission.waiting]).toEqual([0, 0]);
});

it("lets one key have no more at once than it may, whatever the others do", async () => {
  const admission = createAdmission({ places: 1, waiting: 8 });
  const ann = { name: "ann", atOnce: 2 };
  const first = await admission.enter(free, ann);
  const left = new AbortController();
  const second = admission.enter(left.signal, ann);
  await expect(admission.enter(free, ann)).rejects.toMatchObject({ status: 429, code: "key_limit" });
  const other = admission.enter(free, { name: "bo", atOnce: 1 });
  left.abort();
  await expect(second).rejects.toThrow();
  // Who left the queue has its place again.
  const third = admission.enter(free, ann);
  first();
  (await other)();
  (await third)();
  (await admission.enter(free, ann))();
});

it("lets nobody wait longer than it says", async () => {
  const admission = createAdmission({ places: 1, waiting: 1, queueMs: 5 });
  const leave = await admission.enter(free, anyone);
  await expect(admission.enter(free, anyone)).rejects.toMatchObject({ status: 503, code: "queue_timeout" });
  leave();
  (await admission.enter(free, anyone))();
});
