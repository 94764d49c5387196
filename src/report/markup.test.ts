import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { markup } from "./markup.ts";

it("markup escapes what is put into it, and nothing else", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { document } = parseHTML(
        markup`<!doctype html><p title="${text}">${[text, markup`<b>${1}</b>`, null]}</p>`.markup,
      );
      const paragraph = document.querySelector("p")!;
      const visible = text.replace(/[^\P{Cc}\t\n\r]/gu, "\uFFFD");
      expect(paragraph.textContent).toBe(`${visible}1`);
      expect(paragraph.getAttribute("title")).toBe(visible);
      expect(paragraph.children).toHaveLength(1);
    }),
  );
});
