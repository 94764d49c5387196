import { newEntry, sameLanguage, type GlossaryEntry, type LanguagePair } from "./glossary-entry.ts";

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

const isLanguageCode = (cell: string): boolean => /^[a-z]{2,3}(?:[-_][A-Za-z]{2,8})*$/u.test(cell.trim());
const isYes = (cell: string): boolean => /^(?:1|y|yes|true|x)$/iu.test(cell.trim());
const parts = (cell: string): string[] =>
  cell
    .split(/[|;]/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/**
 * Entries of a table. A first row is a head where it names columns (in any order), or languages (Google's sets of
 * equivalent terms: a column for each, `pos` and `description` beside them); else the columns are source, target and, as
 * DeepL writes them, both languages. Cells hold several forms with `|` or `;` between them, where the head says so.
 */
export function readTable(rows: readonly string[][], pair: LanguagePair): GlossaryEntry[] {
  const [first = []] = rows;
  const fields = first.map(fieldOf);
  const languages = first.map((cell) => (isLanguageCode(cell) ? cell.trim() : undefined));
  const isHead = fields.includes("source") && fields.filter(Boolean).length >= 2;
  if (isHead) return rows.slice(1).flatMap((row) => fromFields(row, fields));
  if (
    languages.filter(Boolean).length >= 2 &&
    first.every((_, column) => languages[column] ?? fields[column])
  ) {
    return fromLanguages(rows.slice(1), languages, fields, pair);
  }
  return rows.flatMap((row) => fromFields(row, ["source", "target", "sourceLanguage", "targetLanguage"]));
}

function fieldOf(cell: string): Field | undefined {
  const name = cell.toLowerCase().replaceAll(/[^a-z]/gu, "");
  return (Object.keys(names) as Field[]).find((field) => names[field].includes(name));
}

function fromFields(row: readonly string[], fields: readonly (Field | undefined)[]): GlossaryEntry[] {
  const cell = (field: Field): string => row[fields.indexOf(field)]?.trim() ?? "";
  const source = cell("source");
  if (source === "") return [];
  const hasHead = fields.length !== 4 || fields[2] !== "sourceLanguage";
  const target = cell("target");
  const [exampleSource, exampleTarget] = [cell("exampleSource"), cell("exampleTarget")];
  return [
    newEntry(source, {
      targets: target === "" ? [] : hasHead && target.includes("|") ? parts(target) : [target],
      forbidden: parts(cell("forbidden")),
      aliases: parts(cell("aliases")),
      ...(cell("definition") !== "" && { definition: cell("definition") }),
      ...(cell("partOfSpeech") !== "" && { partOfSpeech: cell("partOfSpeech") }),
      doNotTranslate: isYes(cell("doNotTranslate")),
      caseSensitive: isYes(cell("caseSensitive")),
      examples: exampleSource === "" ? [] : [{ source: exampleSource, target: exampleTarget }],
      languages: {
        ...(cell("sourceLanguage") !== "" && { source: cell("sourceLanguage") }),
        ...(cell("targetLanguage") !== "" && { target: cell("targetLanguage") }),
      },
    }),
  ];
}

function fromLanguages(
  rows: readonly string[][],
  languages: readonly (string | undefined)[],
  fields: readonly (Field | undefined)[],
  pair: LanguagePair,
): GlossaryEntry[] {
  const columns = languages.flatMap((language, column) => (language ? [{ language, column }] : []));
  const source =
    columns.find(({ language }) => pair.source && sameLanguage(language, pair.source)) ?? columns[0]!;
  const others = columns.filter(({ language }) => !sameLanguage(language, source.language));
  const target =
    others.find(({ language }) => pair.target && sameLanguage(language, pair.target)) ?? others[0];
  return rows.flatMap((row) => {
    const cell = (column: number): string => row[column]?.trim() ?? "";
    const of = (field: Field): string => cell(fields.indexOf(field));
    const term = cell(source.column);
    if (term === "") return [];
    return [
      newEntry(term, {
        targets: target && cell(target.column) !== "" ? [cell(target.column)] : [],
        ...(of("partOfSpeech") !== "" && { partOfSpeech: of("partOfSpeech") }),
        ...(of("definition") !== "" && { definition: of("definition") }),
        languages: { source: source.language, ...(target && { target: target.language }) },
      }),
    ];
  });
}
