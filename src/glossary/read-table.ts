import { newEntry, type GlossaryEntry, type LanguagePair } from "./glossary-entry.ts";
import { languageIn, sameLanguage } from "./known-language.ts";

type Field =
  | "source"
  | "target"
  | "definition"
  | "partOfSpeech"
  | "forbidden"
  | "aliases"
  | "doNotTranslate"
  | "caseSensitive"
  | "exampleSource"
  | "exampleTarget"
  | "sourceLanguage"
  | "targetLanguage";

/** What heads of columns are called, without case, blanks and signs. */
const names: Record<Field, string[]> = {
  source: ["source", "sourceterm", "sourcestring", "sourcetext", "term", "word", "headword"],
  target: ["target", "targetterm", "targetstring", "targettext", "translation", "equivalent"],
  definition: ["definition", "description", "meaning", "note", "comment"],
  partOfSpeech: ["pos", "partofspeech", "wordclass"],
  forbidden: ["forbidden", "forbiddenforms", "donotuse", "avoid", "deprecated"],
  aliases: ["aliases", "alias", "synonyms", "othernames"],
  doNotTranslate: ["donottranslate", "dnt", "untranslatable", "keep"],
  caseSensitive: ["casesensitive", "case", "matchcase"],
  exampleSource: ["example", "examplesource", "sourceexample"],
  exampleTarget: ["exampletarget", "targetexample", "exampletranslation"],
  sourceLanguage: ["sourcelang", "sourcelanguage", "srclang"],
  targetLanguage: ["targetlang", "targetlanguage", "tgtlang", "trglang"],
};

const isYes = (cell: string): boolean => /^(?:1|y|yes|true|x)$/iu.test(cell.trim());
const parts = (cell: string): string[] =>
  cell
    .split(/[|;]/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/**
 * Entries of a table. A first row is a head where it names columns (in any order), or languages (Google's sets of
 * equivalent terms: a column for each, `pos` and `description` beside them; several of one language are synonyms); else
 * the columns are source, target and, as DeepL writes them, both languages, or, as OmegaT does, a note. Cells hold several
 * forms with `|` or `;` between them, where the head says so. A line that begins with `#` and has one cell is a comment.
 */
export function readTable(table: readonly string[][], pair: LanguagePair): GlossaryEntry[] {
  const rows = table.filter((row) => !(row.length === 1 && /^#\s/u.test(row[0]!)));
  const [first = []] = rows;
  const fields = first.map(fieldOf);
  const isOneColumn = rows.every((row) => row.length === 1);
  const known = fields.filter((field) => field !== undefined).length;
  if (fields.includes("source") && (known >= 2 || (isOneColumn && rows.length > 1))) {
    return rows.slice(1).flatMap((row) => fromFields(row, fields));
  }
  const languages = first.map((cell, column) => (fields[column] ? undefined : languageIn(cell)));
  const named = languages.filter((language) => language !== undefined);
  const isTold = [0, 1].every((column) => languages[column] ?? fields[column]);
  if (isTold && named.some((language) => !sameLanguage(language, named[0]!))) {
    return fromLanguages(rows.slice(1), languages, fields, pair);
  }
  return rows.flatMap((row) => fromFields(row, headless(row)));
}

/** What the cells of a row are, where no head says it. */
function headless([, , third = "", fourth = ""]: readonly string[]): Field[] {
  return languageIn(third) && languageIn(fourth)
    ? ["source", "target", "sourceLanguage", "targetLanguage"]
    : ["source", "target", "definition"];
}

function fieldOf(cell: string): Field | undefined {
  const name = cell.toLowerCase().replaceAll(/[^a-z]/gu, "");
  return (Object.keys(names) as Field[]).find((field) => names[field].includes(name));
}

/** The cells of a row by what their column is called. */
function cellsOf(
  row: readonly string[],
  fields: readonly (Field | undefined)[],
): { all: (field: Field) => string[]; first: (field: Field) => string } {
  const all = (field: Field): string[] =>
    row.flatMap((cell, column) => (fields[column] === field && cell.trim() !== "" ? [cell.trim()] : []));
  return { all, first: (field) => all(field)[0] ?? "" };
}

function fromFields(row: readonly string[], fields: readonly (Field | undefined)[]): GlossaryEntry[] {
  const { all, first } = cellsOf(row, fields);
  const [source = "", ...others] = all("source");
  if (source === "") return [];
  const many = (field: Field): string[] => all(field).flatMap(parts);
  const [exampleSource, exampleTarget] = [first("exampleSource"), first("exampleTarget")];
  return [
    newEntry(source, {
      targets: all("target").flatMap((target) => (target.includes("|") ? parts(target) : [target])),
      forbidden: many("forbidden"),
      aliases: [...others, ...many("aliases")],
      ...described(first),
      doNotTranslate: isYes(first("doNotTranslate")),
      caseSensitive: isYes(first("caseSensitive")),
      examples: exampleSource === "" ? [] : [{ source: exampleSource, target: exampleTarget }],
      languages: {
        ...(first("sourceLanguage") !== "" && { source: first("sourceLanguage") }),
        ...(first("targetLanguage") !== "" && { target: first("targetLanguage") }),
      },
    }),
  ];
}

const described = (first: (field: Field) => string): Pick<GlossaryEntry, "definition" | "partOfSpeech"> => ({
  ...(first("definition") !== "" && { definition: first("definition") }),
  ...(first("partOfSpeech") !== "" && { partOfSpeech: first("partOfSpeech") }),
});

function fromLanguages(
  rows: readonly string[][],
  languages: readonly (string | undefined)[],
  fields: readonly (Field | undefined)[],
  pair: LanguagePair,
): GlossaryEntry[] {
  const named = languages.filter((language) => language !== undefined);
  const pick = (from: string[], wanted: string | undefined): string | undefined =>
    from.find((language) => wanted !== undefined && sameLanguage(language, wanted)) ?? from[0];
  const source = pick(named, pair.source)!;
  const target = pick(
    named.filter((language) => !sameLanguage(language, source)),
    pair.target,
  );
  return rows.flatMap((row) => {
    const of = (wanted: string): string[] =>
      row.flatMap((cell, column) => {
        const language = languages[column];
        return language && sameLanguage(language, wanted) && cell.trim() !== "" ? [cell.trim()] : [];
      });
    const [term, ...aliases] = of(source);
    if (term === undefined) return [];
    return [
      newEntry(term, {
        targets: target === undefined ? [] : of(target),
        aliases,
        ...described(cellsOf(row, fields).first),
        languages: { source, ...(target && { target }) },
      }),
    ];
  });
}
