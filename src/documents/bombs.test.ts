import { expect, test } from "vitest";
import { LoragError } from "../contracts/index.ts";
import { makeBombs } from "../platform/bombs.case.ts";
import { detectFormat } from "./detect-format.ts";
import { formats, type FormatRow } from "./formats.ts";
import { defaultParseOptions } from "./parser.ts";

test("40 bombs of zip and XML are refused for what they are", async () => {
  const bombs = makeBombs();
  const outcomes: string[] = [];
  for (const { name, bytes } of bombs) {
    try {
      const parse = await (formats[detectFormat(bytes, name)] as FormatRow).load!();
      await parse(bytes, name, defaultParseOptions);
      outcomes.push(`${name} was read`);
    } catch (error) {
      const isRefused = error instanceof LoragError && error.code === "LORAG_BAD_ARCHIVE";
      if (!isRefused) outcomes.push(`${name}: ${String(error)}`);
    }
  }
  expect(bombs).toHaveLength(40);
  expect(outcomes).toEqual([]);
});
