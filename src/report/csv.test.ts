import { expect, test } from "vitest";
import type { Results } from "../contracts/index.ts";
import { renderCsv } from "./csv.ts";

test("cells are quoted where they must be, and no text becomes a formula", () => {
  const results = {
    arms: [
      { name: "rag", status: "ok" },
      { name: "off", status: "failed" },
    ],
    questions: [
      {
        id: "q1",
        type: null,
        prompt: [{ role: "user", content: 'Say "a", b' }],
        gold: "-12.5",
        arms: { rag: { text: "=HYPERLINK(1)", scores: { correct: 0 }, why: "other" } },
      },
    ],
  } as unknown as Results;
  expect(renderCsv(results)).toBe(
    `id,type,question,gold,rag,rag right,rag why\r\nq1,,"Say ""a"", b",-12.5,'=HYPERLINK(1),0,other\r\n`,
  );
});
