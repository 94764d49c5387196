import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { GlossaryEntry, LanguagePair } from "./glossary-entry.ts";
import { parseGlossary } from "./parse-glossary.ts";

const parse = (name: string, text: string, pair?: LanguagePair): Promise<GlossaryEntry[]> =>
  parseGlossary(new TextEncoder().encode(text), name, pair);
const pairs = (entries: GlossaryEntry[]): string[] =>
  entries.map(({ source, targets }) => `${source}=${targets.join("|")}`);

describe("tables", () => {
  it.each([
    [
      "DeepL, no head",
      "d.csv",
      "deck,Deck,EN,DE\nbow ramp,Bugklappe,EN,DE\n",
      ["deck=Deck", "bow ramp=Bugklappe"],
    ],
    ["tabs, a quotation mark in a field", "d.tsv", 'the "ramp"\tdie Rampe\n', ['the "ramp"=die Rampe']],
    ["Google, a column for each language", "g.csv", "en,fr,pos\nship,bateau,noun\n", ["ship=bateau"]],
    [
      "a head in any order, a byte mark",
      "h.csv",
      "\uFEFFTarget;Source;Definition\nquai;quay;where ships lie\n",
      ["quay=quai"],
    ],
    ["quoted line breaks", "q.csv", '"a ""b""","c\nd"\n', ['a "b"=c\nd']],
  ])("%s", async (_, name, text, expected) => expect(pairs(await parse(name, text))).toEqual(expected));

  it("chooses the languages asked for", async () => {
    const text = "en,fr,de\nship,bateau,Schiff\n";
    expect(pairs(await parse("g.csv", text, { source: "de", target: "en" }))).toEqual(["Schiff=ship"]);
  });

  it("reads what belongs to an entry", async () => {
    const text =
      "term,translation,forbidden,pos,do not translate,case sensitive,example,example translation,aliases\n" +
      "Gull Pass,Möwenpass,Gullpass|Möwenkarte,noun,no,yes,The Gull Pass is valid.,Der Möwenpass gilt.,GP\n";
    expect(await parse("t.csv", text)).toEqual([
      {
        source: "Gull Pass",
        targets: ["Möwenpass"],
        forbidden: ["Gullpass", "Möwenkarte"],
        aliases: ["GP"],
        partOfSpeech: "noun",
        doNotTranslate: false,
        caseSensitive: true,
        examples: [{ source: "The Gull Pass is valid.", target: "Der Möwenpass gilt." }],
        languages: {},
      },
    ]);
  });
});

const tbx2 = `<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd"><martif type="TBX"><text><body>
<termEntry><descrip type="definition">a door for cars</descrip>
<langSet xml:lang="en"><tig><term>bow ramp</term><termNote type="partOfSpeech">noun</termNote></tig><tig><term>front ramp</term></tig></langSet>
<langSet xml:lang="de"><ntig><termGrp><term>Bugklappe</term></termGrp></ntig>
<tig><term>Vordertor</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet></termEntry>
</body></text></martif>`;
const tbx3 = `<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><text><body><conceptEntry id="c1">
<langSec xml:lang="de"><termSec><term>Bugklappe</term></termSec></langSec>
<langSec xml:lang="en"><termSec><term>bow ramp</term><termNote type="partOfSpeech">noun</termNote></termSec></langSec></conceptEntry></body></text></tbx>`;

describe("XML", () => {
  it("TBX 2: synonyms, forbidden forms, definitions", async () => {
    expect(await parse("g.tbx", tbx2)).toMatchObject([
      {
        source: "bow ramp",
        aliases: ["front ramp"],
        targets: ["Bugklappe"],
        forbidden: ["Vordertor"],
        definition: "a door for cars",
        partOfSpeech: "noun",
        languages: { source: "en", target: "de" },
      },
    ]);
  });

  it("TBX 3, in the order asked for", async () => {
    expect(pairs(await parse("g.tbx", tbx3, { source: "en" }))).toEqual(["bow ramp=Bugklappe"]);
    expect(pairs(await parse("g.tbx", tbx3))).toEqual(["Bugklappe=bow ramp"]);
  });

  it("TMX", async () => {
    const tmx = `<tmx version="1.4"><body><tu><tuv xml:lang="en-GB"><seg><bpt i="1">&lt;b&gt;</bpt>qu<hi>ay</hi><ept i="1">&lt;/b&gt;</ept></seg></tuv><tuv xml:lang="fr"><seg>quai</seg></tuv></tu></body></tmx>`;
    expect(pairs(await parse("m.tmx", tmx, { source: "fr", target: "en" }))).toEqual(["quai=quay"]);
  });

  it("FreeDict's real dictionaries, every entry", async () => {
    const path = new URL("../../../shared/data/freedict/eng-swh.tei", import.meta.url);
    const bytes = await readFile(path);
    const entries = await parseGlossary(bytes, "eng-swh.tei");
    expect(entries).toHaveLength(bytes.toString("utf8").match(/<entry[ >]/g)!.length);
    expect(entries.find(({ source }) => source === "abundance")).toMatchObject({
      targets: ["wingi"],
      partOfSpeech: "n",
    });
  });
});

describe("bad files", () => {
  it.each([
    ["g.pdf", "x"],
    ["g.csv", ""],
    ["g.xml", "<html/>"],
  ])("%s", async (name, text) => {
    await expect(parse(name, text)).rejects.toMatchObject({ code: "LORAG_BAD_GLOSSARY" });
  });

  it("entities of its own are not expanded", async () => {
    const bomb = `<!DOCTYPE martif [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><martif>&b;</martif>`;
    await expect(parse("g.tbx", bomb)).rejects.toMatchObject({ code: "LORAG_BAD_ARCHIVE" });
  });
});
