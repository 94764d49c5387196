import { languageCodes, type LanguageCode } from "../contracts/index.ts";

/** The language of a glossary's code, where it is one that words are known of: `en-GB`, `eng` and `EN` are English. */
export function knownLanguage(code: string | undefined): LanguageCode | undefined {
  const base = code === undefined ? undefined : baseLanguage(code);
  return languageCodes.find((known) => known === base);
}

/** Codes are compared without region and script, and in their shortest form: `eng` and `en_GB` are one language. */
export const sameLanguage = (a: string, b: string): boolean => baseLanguage(a) === baseLanguage(b);

/** Norwegian in its usual written form. */
const sameAs: Record<string, string> = { nb: "no" };

function baseLanguage(code: string): string {
  const [base = ""] = (canonical(code) ?? code.toLowerCase()).split(/[-_]/u);
  return sameAs[base] ?? base;
}

function canonical(code: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(code.trim().replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}

const namesIn = (language: string): Intl.DisplayNames =>
  new Intl.DisplayNames(language, { type: "language", fallback: "none" });
const englishNames = namesIn("en");

/** What languages are called in English and by themselves. */
const codesByName = new Map(
  languageCodes.flatMap((code) =>
    [englishNames.of(code), namesIn(code).of(code)].flatMap((name) =>
      name === undefined ? [] : [[name.toLowerCase(), code] as const],
    ),
  ),
);

/**
 * The code of the language that a cell names: `de`, `DE-AT`, `Deutsch`, `German (Germany)`, `Term (de)`; undefined where
 * it names none. `cat` is Catalan's code, `dog` is no language's.
 */
export function languageIn(cell: string): string | undefined {
  const text = cell.trim();
  const [, before = text, inBrackets] = /^(.*?)\s*[([](.*)[)\]]$/u.exec(text) ?? [];
  for (const said of [text, inBrackets ?? ""]) if (isCode(said)) return said;
  return codesByName.get(text.toLowerCase()) ?? codesByName.get(before.toLowerCase());
}

function isCode(text: string): boolean {
  if (!/^[A-Za-z]{2,3}(?:[-_][A-Za-z\d]{2,8})*$/u.test(text)) return false;
  const code = canonical(text);
  return code !== undefined && englishNames.of(code.split("-")[0]!) !== undefined;
}
