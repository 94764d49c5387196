import type { Document } from "../../contracts/index.ts";

/** What stands under one heading. `path` holds the headings, outermost first, without the document's title. */
export interface Section {
  path: string[];
  start: number;
  end: number;
}

/** The whole text as sections, in order. A heading with nothing under it belongs to the section that follows it. */
export function findSections(document: Pick<Document, "title" | "text" | "headings">): Section[] {
  const sections: Section[] = [];
  const open: { level: number; text: string }[] = [];
  let start = 0;
  let path: string[] = [];
  let bodyStart = 0;
  const close = (end: number): void => {
    if (document.text.slice(bodyStart, end).trim() === "") return;
    sections.push({ path, start, end });
    start = end;
  };
  for (const heading of document.headings) {
    close(heading.start);
    while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop();
    open.push(heading);
    path = open.map(({ text }) => text).filter((text, depth) => depth > 0 || text !== document.title);
    const lineEnd = document.text.indexOf("\n", heading.start);
    bodyStart = lineEnd < 0 ? document.text.length : lineEnd;
  }
  close(document.text.length);
  if (start < document.text.length) sections.push({ path, start, end: document.text.length });
  return sections;
}
