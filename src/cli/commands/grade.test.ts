import { expect, it } from "vitest";
import type { Session } from "../session.ts";
import { gradeCommand } from "./grade.ts";

const session = { print: () => {}, printLine: () => {} } as unknown as Session;

it("puts half a character right, and refuses a gold that is empty", async () => {
  expect(await gradeCommand(session, "a\ud800", "a\ud800", {})).toMatchObject({
    gold: "a\uFFFD",
    right: true,
  });
  await expect(gradeCommand(session, " ", "9", {})).rejects.toThrow("an empty gold");
});

it("knows what was asked", async () => {
  const question = "How many hooks are there?";
  expect(await gradeCommand(session, "12 hooks", "12.", { question })).toMatchObject({ right: true });
  expect(await gradeCommand(session, "12 hooks", "12.", {})).toMatchObject({ right: false });
});
