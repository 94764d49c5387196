import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { memorySource } from "../../platform/index.ts";
import { example } from "../examples.case.ts";
import { readExamples } from "../reading/read-examples.ts";
import { checkData, type CheckedFile } from "./check-data.ts";
import { cleanData, exampleLine } from "./clean-data.ts";
import { encodingFault, repairEncoding } from "./encoding.ts";
import { htmlRemains, stripHtml } from "./html-remains.ts";
import { findLabelErrors } from "./label-errors.ts";

const file = (role: CheckedFile["role"], examples: Example[]): CheckedFile => ({
  name: `${role}.jsonl`,
  role,
  examples,
  numbers: examples.map((_, index) => index + 1),
  refused: [],
  notes: [],
});
const options = { mostCharacters: 500, names: [] };
const long = "The island ferry leaves the north quay at seven, nine and noon on every day but Sunday.";

const train = [
  example("a", "How much is parking?", "£4"),
  example("b", "how much is parking", "£4."),
  example("c", "How much is parking?", "£5"),
  example("d", "Où est le musÃ©e ?", "À côté du port, dans la vieille douane."),
  example("e", "Who runs the <b>bar</b>?&nbsp;", "Write to ann@bar.example."),
  example("f", "When does the ferry leave?", long),
  example("g", "x".repeat(600), "Yes"),
];
const heldOut = [
  example("h", "At what times can I sail?", `${long}!`),
  example("i", "How much is parking?", "£4"),
];

test("each check tells its examples, and none other", async () => {
  const report = await checkData([file("train", train), file("held out", heldOut)], options);
  const ids = Object.fromEntries(
    Object.entries(report.findings)
      .filter(([, findings]) => findings.length > 0)
      .map(([check, findings]) => [check, findings.map((finding) => finding.ids.join(" "))]),
  );
  expect(ids).toEqual({
    "too-long": ["g"],
    encoding: ["d"],
    html: ["e"],
    "personal-data": ["e"],
    copies: ["b a"],
    conflicts: ["a c"],
    "question-leaks": ["a i", "b i", "c i"],
    "answer-leaks": ["f h"],
  });
  expect(report.languages.map(({ language }) => language).sort()).toEqual(["en", "fr"]);
  expect(report.labels).toBeNull();
});

test("cleaning drops and changes what it is told to, and logs every change with the text of before", async () => {
  const report = await checkData([file("train", train)], options);
  const cleaned = [
    ...cleanData(train, report, {
      drop: ["copies", "too-long"],
      encoding: true,
      html: true,
      mask: true,
      names: [],
    }),
  ];
  const examples = cleaned.flatMap((one) => one.example ?? []);
  const changes = cleaned.flatMap((one) => one.changes);
  expect(examples.map(({ id }) => id)).toEqual(["a", "c", "d", "e", "f"]);
  expect(examples[2]!.prompt[0]!.content).toBe("Où est le musée ?");
  expect(examples[3]).toMatchObject({
    prompt: [{ content: "Who runs the bar?" }],
    completion: "Write to [E-MAIL].",
  });
  expect(changes.map((change) => [change.id, change.action === "drop" ? change.check : change.by])).toEqual([
    ["b", "copies"],
    ["d", "encoding"],
    ["e", "html"],
    ["e", "mask"],
    ["g", "too-long"],
  ]);
  expect(changes[3]).toMatchObject({ before: "Write to ann@bar.example.", after: "Write to [E-MAIL]." });
  expect(train[3]!.prompt[0]!.content).toContain("Ã©");
});

test("what is written is read as the same example again", async () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => value.trim() !== "");
  const made = fc.record(
    {
      question: text,
      completion: text,
      rejected: text,
      documents: fc.array(text),
      type: text,
      customer: text,
    },
    { requiredKeys: ["question", "completion"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 5 }), async (rows) => {
      const examples = rows
        .filter(({ completion, rejected }) => completion.trim() !== rejected?.trim())
        .map(({ question, completion, customer, ...rest }, index) =>
          example(`q${index}`, question, completion, {
            ...rest,
            ...(customer !== undefined && { metadata: { customer } }),
          }),
        );
      fc.pre(examples.length > 0);
      const lines = examples.map((one) => `${exampleLine(one)}\n`).join("");
      expect((await readExamples(memorySource(Buffer.from(lines)), "x.jsonl")).examples).toEqual(examples);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["cafÃ© and naÃ¯ve", "café and naïve"],
  ["itâ€™s â€œgoodâ€\u009d â€“ 5 â‚¬", "it’s “good” – 5 €"],
  ["Â£5", "£5"],
  ["â€œhiâ€, voilÃ  le fÃ¢cheux", "“hi”, voilà le fâcheux"],
  ["ÐŸÑ€Ð¸Ð²ÐµÑ‚, Äesko, PetroviÄ‡", "Привет, Česko, Petrović"],
  ["ÃƒÂ©tÃƒÂ©", "été"],
  ["ð\u009f˜€", "😀"],
])("%s is set right", (broken, right) => {
  expect(repairEncoding(broken)).toBe(right);
});

test.each([
  "café, Ärger, œuvre",
  "À « Â » suivre",
  "CAFÉ™, « PASSÉ»…, AÑO¿",
  "IRMÃ ÃO",
  "naïve – “quoted” €5",
  "日本語 Ω ≤",
  "die Umlaute Ü und „Ä“, das „Å“.",
])("%s is left alone", (text) => {
  expect(repairEncoding(text)).toBe(text);
  expect(encodingFault(text)).toBeUndefined();
});

test("lost and control characters are told", () => {
  expect(encodingFault("a \uFFFD b")).toContain("lost");
  expect(encodingFault("a\u0007b")).toContain("U+0007");
  expect(encodingFault("a\tb\r\n")).toBeUndefined();
});

test("tags and entities are found and taken out; comparisons, generics and thinking are no tags", () => {
  expect(htmlRemains("a<br/>b")).toBe("<br/>");
  expect(htmlRemains("Tom &amp; Ann")).toBe("&amp;");
  expect(htmlRemains("x < b and y > c; List<String>; <think>no</think>; R&D; <a@b.example>")).toBeUndefined();
  expect(htmlRemains("if a <b and c> d, and what does `<div>` do?\n```\n<p>&amp;</p>\n```")).toBeUndefined();
  expect(htmlRemains("Caf&eacute; &unknown; &Aring;")).toBe("&eacute;");
  expect(htmlRemains("How does the <table> tag work?")).toBeUndefined();
  expect(stripHtml("<!DOCTYPE html><html><body><main>T</main><!-- c --></body></html>")).toBe("T");
  expect(
    stripHtml('<SCRIPT src="a.js">x("</b>")</script >Use `<b>` &ndash; <b>bold</b> &yen;5<style>p{}</style>'),
  ).toBe("Use `<b>` – bold ¥5");
  expect(stripHtml("<script>".repeat(100_000) + "end")).toBe("end");
  expect(stripHtml("<p>Tom &amp; Ann</p><ul><li>one</li><li>tw&#111;</li></ul>")).toBe(
    "Tom & Ann\n\none\n\ntwo",
  );
});

test("labels that the neighbours speak against are found, and only these", async () => {
  const labels: string[] = [];
  const vectors: Float32Array[] = [];
  for (let index = 0; index < 120; index++) {
    const group = index % 3;
    labels.push(`label ${group}`);
    const vector = new Float32Array(4);
    vector[group] = 1;
    vector[3] = (index % 7) / 20;
    const length = Math.hypot(...vector);
    vectors.push(vector.map((value) => value / length));
  }
  labels[10] = "label 2";
  labels[33] = "label 1";
  expect(await findLabelErrors(labels, vectors)).toMatchObject([
    { index: expect.any(Number), suggested: expect.any(String) },
    {},
  ]);
  const errors = await findLabelErrors(labels, vectors);
  expect(errors.map(({ index, suggested }) => [index, suggested]).sort()).toEqual([
    [10, "label 1"],
    [33, "label 0"],
  ]);
});
