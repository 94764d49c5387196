import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSessions, sessionSeconds } from "./sessions.ts";

const newFile = (): string => join(mkdtempSync(join(tmpdir(), "lorag-sessions-")), "sessions.json");

test("the token is good once, and no other text is", async () => {
  const sessions = await openSessions(newFile());
  expect(await sessions.exchange("x")).toBeUndefined();
  const secret = await sessions.exchange(sessions.token);
  expect(sessions.isKnown(secret!)).toBe(true);
  expect(sessions.isKnown(`${secret}x`)).toBe(false);
  expect(await sessions.exchange(sessions.token)).toBeUndefined();
});

test("a session outlives its server for a week, and its secret is not on disk", async () => {
  const file = newFile();
  let now = 1_000_000;
  const first = await openSessions(file, () => now);
  const secret = (await first.exchange(first.token))!;
  expect(readFileSync(file, "utf8")).not.toContain(secret);
  expect((await openSessions(file, () => now)).isKnown(secret)).toBe(true);
  now += sessionSeconds * 1000 + 1;
  expect(first.isKnown(secret)).toBe(false);
  expect((await openSessions(file, () => now)).isKnown(secret)).toBe(false);
});
