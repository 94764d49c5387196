import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Chunk } from "../../contracts/index.ts";
import { collectWarnings, openProject } from "../context.ts";
import { checkLanguage } from "./check-language.ts";

const spanish =
  "El perro del capitán viaja gratis en la cubierta, pero los gatos pagan cinco florines por la travesía. ";
const englishText =
  "The captain's dog travels free on the deck, and cats are charged five florins for the crossing. ";
const table = "Grade 1 | 1940 | 2210\n";

test.each([
  ["Spanish", "", spanish.repeat(30), ["`base_model` and `embedding_model`"]],
  ["Spanish, with models of its own", "base_model: ./mine\nembedding_model: ./too\n", spanish.repeat(30), []],
  [
    "Spanish, with a base model of its own",
    "base_model: ./mine\n",
    spanish.repeat(30),
    ["`embedding_model`"],
  ],
  ["English", "", englishText.repeat(30), []],
  ["too little to tell", "", table.repeat(30), []],
])("%s", async (_, config, text, named) => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-language-"));
  writeFileSync(join(folder, "lorag.yaml"), config);
  const { warn, warnings } = collectWarnings();
  checkLanguage(await openProject(folder, { warn }), [[{ text } as Chunk]]);
  expect(warnings.map(({ message }) => message.split(": ")[1]?.replace(/\.$/, ""))).toEqual(named);
});
