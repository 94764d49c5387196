import { expect, it } from "vitest";
import { createExcerpt } from "./excerpt.ts";

const asked = "Does this clause ask for consent before it is passed on?\n\nClause: ";
const clauses = [
  "Neither side may assign.",
  "The tenant may sublet.",
  "Notice is due.",
  "No consent is needed.",
];

it("leaves out the instruction that most texts open with", () => {
  const excerpt = createExcerpt([...clauses.map((clause) => asked + clause), "When is rent due?"]);
  expect(excerpt(asked + clauses[1], 100)).toBe("… The tenant may sublet.");
  expect(excerpt(asked + clauses[0], 7)).toBe("… Neither…");
  expect(excerpt("When is rent due?", 100)).toBe("When is rent due?");
});

it("ends what is left out at a word, whatever the texts go on with", () => {
  const excerpt = createExcerpt(clauses.map((clause) => `${asked}The ${clause}`));
  expect(excerpt(`${asked}The Notice is due.`, 100)).toBe("… Notice is due.");
  const same = createExcerpt(["northern", "northwest", "northeast"].map((word) => `${asked}${word} wind`));
  expect(same(`${asked}northwest wind`, 100)).toBe("… northwest wind");
});

it("leaves texts whole that share little, are few, or are all that is shared", () => {
  expect(createExcerpt(["What is a?", "What is b?", "What is c?"])("What is b?", 100)).toBe("What is b?");
  expect(createExcerpt([`${asked}a`, `${asked}b`])(`${asked}a`, 20)).toBe("Does this clause ask…");
  expect(createExcerpt(clauses.map((clause) => asked + clause))(asked, 9)).toBe("Does this…");
  expect(createExcerpt([])("a\n\n b", 9)).toBe("a b");
});

it("never cuts a character in two", () => {
  expect(createExcerpt([])("🚢🚢🚢", 2)).toBe("🚢🚢…");
});
