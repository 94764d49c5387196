import { expect, test } from "vitest";
import { readSearch } from "./search.ts";
import { parseSearch, writeSearch } from "./search-text.ts";

test.each(["1e3", "007", "true", "null", "[1]", '"5"', "1 2+3&4=%", "٣", "🚢"])(
  "%s stays the text it is",
  (id) => {
    expect(readSearch(parseSearch(`?id=${encodeURIComponent(id)}`)).id).toBe(id);
    expect(readSearch(parseSearch(writeSearch({ id, at: 7, type: undefined })))).toEqual({ id, at: 7 });
  },
);

test.each(["1e3", "-1", "", "1.5", "x", "9".repeat(16)])("a place %j is none", (at) => {
  expect(readSearch({ at })).toEqual({});
});
