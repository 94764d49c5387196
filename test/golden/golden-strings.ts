import { readFileSync } from "node:fs";

const golden = new URL("./", import.meta.url);
const data = new URL("../../../shared/data/", import.meta.url);
const read = (url: URL): string => readFileSync(url, "utf8");

/** The 10,000 strings of test/golden/tokens.py, drawn the same way. */
export function goldenStrings(): string[] {
  const drawn = [
    ...["src.eng", "ref.fra", "ref.swa"].flatMap((language) =>
      lines(`ntrex128/newstest2019-${language}.txt`, 1400),
    ),
    ...passages("xquad/xquad.es.json"),
    ...passages("xquad/xquad.ru.json"),
    ...lines("ingest_docs/unstructured__UDHR_first_article_all.txt", 2000),
    ...lines("ingest_docs/markitdown__test_wikipedia.html", 600),
  ];
  return [...drawn, ...invented(10_000 - drawn.length)];
}

function lines(name: string, count: number): string[] {
  // Python reads text with universal newlines.
  const text = read(new URL(name, data)).replaceAll(/\r\n?/g, "\n");
  return text
    .split("\n")
    .filter((line) => /[^ \t\r]/.test(line))
    .slice(0, count);
}

function passages(name: string): string[] {
  const articles = JSON.parse(read(new URL(name, data))).data as {
    paragraphs: { context: string; qas: { question: string }[] }[];
  }[];
  const paragraphs = articles.flatMap((article) => article.paragraphs);
  return [
    ...paragraphs.map(({ context }) => context),
    ...paragraphs.flatMap(({ qas }) => qas.map(({ question }) => question)),
  ];
}

function invented(count: number): string[] {
  const pieces = JSON.parse(read(new URL("text-pieces.json", golden))) as string[];
  let state = 1;
  const draw = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % limit;
  };
  return Array.from({ length: count }, () =>
    // The length is drawn first, as Python's range evaluates it first.
    Array.from({ length: 1 + draw(30) }, () => pieces[draw(pieces.length)]).join(""),
  );
}
