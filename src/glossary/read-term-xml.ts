import { child, childrenOf, descendants, elements, textOf, type XmlNode } from "../documents/index.ts";
import { newEntry, type GlossaryEntry, type LanguagePair } from "./glossary-entry.ts";
import { sameLanguage } from "./known-language.ts";

const plain = (node: XmlNode | undefined): string => textOf(node).replaceAll(/\s+/gu, " ").trim();
const languageOf = (node: XmlNode): string => node.attributes["xml:lang"] ?? node.attributes["lang"] ?? "";

/** The notes of a node and its groups by their type: `<termNote type="partOfSpeech">noun</termNote>`, or `<min:partOfSpeech>`. */
function notesOf(node: XmlNode | undefined): Map<string, string> {
  const notes = new Map<string, string>();
  for (const each of elements(node)) {
    if (each.name.endsWith("Grp")) for (const [type, text] of notesOf(each)) notes.set(type, text);
    else if (!/^(?:term|langSet|langSec|tig|ntig|termSec)$/u.test(each.name)) {
      notes.set((each.attributes["type"] ?? each.name).toLowerCase(), plain(each));
    }
  }
  return notes;
}

const isForbidden = (status: string): boolean =>
  /forbidden|deprecated|obsolete|superseded|not-?recommended/iu.test(status);

/** Two sections of a concept, the wanted languages or the first two. */
function choose<Section>(
  sections: Section[],
  languageOf: (section: Section) => string,
  pair: LanguagePair,
  usual: LanguagePair,
): [Section | undefined, Section | undefined] {
  const of = (language: string | undefined, from: Section[]): Section | undefined =>
    from.find((section) => language !== undefined && sameLanguage(languageOf(section), language));
  const isWanted = (section: Section): boolean =>
    pair.target !== undefined && sameLanguage(languageOf(section), pair.target);
  const from = sections.filter((section) => !isWanted(section));
  const source = pair.source ? of(pair.source, sections) : (of(usual.source, from) ?? from[0]);
  const others = sections.filter((section) => section !== source);
  const target = pair.target ? of(pair.target, others) : (of(usual.target, others) ?? others[0]);
  return [source, target];
}

/** The languages of a file's first concept: later ones may have them in another order. */
const usualPair = (sections: XmlNode[]): LanguagePair => {
  const [source, target] = sections.map(languageOf);
  return { ...(source && { source }), ...(target && { target }) };
};

/** TBX, ISO 30042: version 2 (`martif`, `termEntry`, `langSet`, `tig` or `ntig`) and 3 (`tbx`, `conceptEntry`, `langSec`, `termSec`). */
export function readTbx(root: XmlNode, pair: LanguagePair): GlossaryEntry[] {
  const concepts = [...descendants(root, "termEntry"), ...descendants(root, "conceptEntry")];
  const sectionsOf = (concept: XmlNode | undefined): XmlNode[] =>
    elements(concept).filter(({ name }) => name === "langSet" || name === "langSec");
  const usual = usualPair(sectionsOf(concepts[0]));
  return concepts.flatMap((concept) => {
    const [source, target] = choose(sectionsOf(concept), languageOf, pair, usual);
    const [terms, targets] = [termsOf(source), termsOf(target)];
    const [head, ...aliases] = terms.filter(({ status }) => !isForbidden(status));
    if (!head) return [];
    const avoided = terms.filter(({ status }) => isForbidden(status)).map(({ text }) => text);
    // With one language alone, what is not to be said is asked about all the same.
    const isOneLanguage = target === undefined;
    const definition =
      [concept, source, target].map((node) => notesOf(node).get("definition")).find(Boolean) ??
      head.notes.get("definition");
    const translation = [notesOf(concept), head.notes]
      .map((notes) => notes.get("translationnote"))
      .find(Boolean);
    return [
      newEntry(head.text, {
        targets: targets.filter(({ status }) => !isForbidden(status)).map(({ text }) => text),
        forbidden: isOneLanguage
          ? avoided
          : targets.filter(({ status }) => isForbidden(status)).map(({ text }) => text),
        aliases: [...aliases.map(({ text }) => text), ...avoided],
        ...(definition && { definition }),
        ...(head.notes.get("partofspeech") && { partOfSpeech: head.notes.get("partofspeech")! }),
        doNotTranslate: /^no$/iu.test(translation ?? ""),
        languages: {
          ...(source && { source: languageOf(source) }),
          ...(target && { target: languageOf(target) }),
        },
      }),
    ];
  });
}

function termsOf(
  section: XmlNode | undefined,
): { text: string; status: string; notes: Map<string, string> }[] {
  return elements(section).flatMap((term) => {
    if (!/^(?:tig|ntig|termSec)$/u.test(term.name)) return [];
    const text = plain([...descendants(term, "term")][0]);
    const notes = notesOf(term);
    const status = notes.get("administrativestatus") ?? notes.get("normativeauthorization") ?? "";
    return text === "" ? [] : [{ text, status, notes }];
  });
}

/** A segment's words. What `bpt`, `ept`, `ph`, `it` and `ut` hold is the code of a layout, `hi` marks words. */
function wordsOf(segment: XmlNode): XmlNode {
  const isCode = (each: XmlNode | string): boolean =>
    typeof each !== "string" && /^(?:bpt|ept|ph|it|ut)$/u.test(each.name);
  const children = segment.children.filter((each) => !isCode(each));
  return { ...segment, children: children.map((each) => (typeof each === "string" ? each : wordsOf(each))) };
}

const segmentOf = (variant: XmlNode | undefined): string => {
  const segment = child(variant, "seg");
  return segment ? plain(wordsOf(segment)) : "";
};

/** TMX 1.4: each unit is an entry of its first segments. */
export function readTmx(root: XmlNode, pair: LanguagePair): GlossaryEntry[] {
  const units = [...descendants(root, "tu")];
  const said = child(root, "header")?.attributes["srclang"];
  const isSaid = said !== undefined && said !== "*all*";
  const usual: LanguagePair = isSaid ? { source: said } : usualPair(childrenOf(units[0], "tuv"));
  return units.flatMap((unit) => {
    const [source, target] = choose(childrenOf(unit, "tuv"), languageOf, pair, usual);
    const text = segmentOf(source);
    const translation = segmentOf(target);
    if (!source || text === "") return [];
    const languages = { source: languageOf(source), ...(target && { target: languageOf(target) }) };
    return [newEntry(text, { targets: translation === "" ? [] : [translation], languages })];
  });
}

const isTranslation = ({ attributes }: XmlNode): boolean =>
  /^(?:trans|translation)$/u.test(attributes["type"] ?? "");

/** TEI dictionaries as FreeDict has them: head words, parts of speech, translations in `quote` or `def`. */
export function readTei(root: XmlNode): GlossaryEntry[] {
  return [...descendants(root, "entry")].flatMap((entry) => {
    const [source, ...aliases] = [...descendants(entry, "orth")].map(plain).filter((text) => text !== "");
    if (source === undefined) return [];
    const partOfSpeech = plain([...descendants(entry, "pos")][0]);
    // Senses may hold senses; what is inside an example translates the example.
    const cits = [...descendants(entry, "cit")];
    const translated = cits.filter(isTranslation);
    const quotes = translated.flatMap((cit) => childrenOf(cit, "quote"));
    const translations = quotes.map(plain);
    const definitions = [...descendants(entry, "def")].map(plain).filter((text) => text !== "");
    const [languageOfTerm, languageOfTranslation] = [
      [entry, child(entry, "form"), ...descendants(entry, "orth")],
      [...translated, ...quotes],
    ].map((nodes) => nodes.map((node) => node && languageOf(node)).find(Boolean));
    // Older ones have the translations as definitions, with commas between them.
    const targets =
      translations.length > 0 ? translations : definitions.flatMap((text) => text.split(/\s*[,;]\s*/u));
    const examples = cits
      .filter(({ attributes }) => attributes["type"] === "example")
      .map((cit) => ({
        source: plain(child(cit, "quote")),
        target: plain(child(childrenOf(cit, "cit").find(isTranslation), "quote")),
      }));
    return [
      newEntry(source, {
        targets: [...new Set(targets.filter((text) => text !== ""))],
        aliases,
        ...(partOfSpeech !== "" && { partOfSpeech }),
        ...(translations.length > 0 && definitions[0] && { definition: definitions[0] }),
        examples,
        languages: {
          ...(languageOfTerm && { source: languageOfTerm }),
          ...(languageOfTranslation && { target: languageOfTranslation }),
        },
      }),
    ];
  });
}
