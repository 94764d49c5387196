import { readFileSync } from "node:fs";
import type { LanguageCode } from "../src/contracts/index.ts";
import { parseGlossary, type GlossaryEntry } from "../src/glossary/index.ts";
import { readZip } from "../src/platform/index.ts";

/** Sentences with their translations by people, and the terms to be used. */
export interface TermSet {
  name: string;
  target: LanguageCode;
  entries: GlossaryEntry[];
  sentences: { source: string; reference: string; sample?: string }[];
}

const data = new URL("../../shared/data/", import.meta.url);
const bytes = (path: string): Uint8Array => readFileSync(new URL(path, data));

/** TICO-19's terms in Swahili and French, and WMT 2021's tagged terms, all over sentences of TICO-19. */
export async function readTermSets(): Promise<TermSet[]> {
  const wmt = readWmt();
  const french = await parseGlossary(bytes("tico19/f_en-fr_XX.csv"), "f_en-fr_XX.csv");
  const swahili = await parseGlossary(bytes("tico19/f_en-sw_KE.csv"), "f_en-sw_KE.csv");
  const [memory] = [...(await readZip(bytes("tico19/all.en-sw.tmx.zip"))).values()];
  const units = await parseGlossary(memory!, "all.en-sw.tmx", { source: "en", target: "sw" });
  const sentences = units.map(({ source, targets }) => ({ source, reference: targets[0] ?? "" }));
  return [
    { name: "wmt21-en-fr", target: "fr", ...wmt },
    { name: "tico19-en-fr", target: "fr", entries: french, sentences: wmt.sentences },
    { name: "tico19-en-sw", target: "sw", entries: swahili, sentences },
  ];
}

/** The terms are tagged in the sentences: `<term src="fever" tgt="fièvre|fièvres"> fever </term>`. */
function readWmt(): Pick<TermSet, "entries" | "sentences"> {
  const segments = (name: string): Map<string, string> => {
    const text = Buffer.from(bytes(`wmt21_term_enfr/${name}`)).toString("utf8");
    let document = "";
    const found = new Map<string, string>();
    for (const [, id, segment, content] of text.matchAll(
      /<doc [^>]*docid="([^"]*)"|<seg id="(\d+)">(.*?)<\/seg>/gsu,
    )) {
      if (id !== undefined) document = id;
      else found.set(`${document} ${segment}`, content!.trim());
    }
    return found;
  };
  const sources = segments("dev.en-fr.en.sgm");
  const references = segments("dev.en-fr.fr.sgm");
  const samples = segments("en-fr.dev.txt.truecased.sgm");
  const targets = new Map<string, Set<string>>();
  for (const content of sources.values()) {
    for (const [, source, target] of content.matchAll(/<term [^>]*src="([^"]*)" tgt="([^"]*)"/gu)) {
      const known = targets.get(decode(source!)) ?? new Set();
      for (const form of decode(target!).split("|")) known.add(form);
      targets.set(decode(source!), known);
    }
  }
  return {
    entries: [...targets].map(([source, forms]) => ({
      source,
      targets: [...forms],
      forbidden: [],
      aliases: [],
      doNotTranslate: false,
      caseSensitive: false,
      examples: [],
      languages: { source: "en", target: "fr" },
    })),
    sentences: [...sources].map(([id, content]) => ({
      source: plain(content),
      reference: plain(references.get(id) ?? ""),
      ...(samples.has(id) && { sample: plain(samples.get(id)!) }),
    })),
  };
}

const plain = (content: string): string =>
  decode(
    content
      .replaceAll(/<[^>]*>/gu, "")
      .replaceAll(/\s+/gu, " ")
      .trim(),
  );
const decode = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
