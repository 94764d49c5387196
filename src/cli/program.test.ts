import { expect, test, vi } from "vitest";
import { askCommand } from "./commands/ask.ts";
import { createProgram } from "./program.ts";

vi.mock("./commands/ask.ts", () => ({ askCommand: vi.fn() }));
// The real one ends the process.
vi.mock("./session.ts", () => ({
  runCommand: (options: object, command: (session: object) => unknown) => command({ options }),
}));

test.each([
  [["What is GuardDuty?"], "best"],
  [["What", "is", "GuardDuty?"], "best"],
  [["What", "is", "--arm", "rag", "GuardDuty?"], "rag"],
])("the question %j is asked as one, its words joined", async (words, arm) => {
  await createProgram().parseAsync(["node", "lorag", "ask", ...words]);
  expect(askCommand).toHaveBeenLastCalledWith(expect.anything(), "What is GuardDuty?", { arm });
});
