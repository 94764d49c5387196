import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { GlossaryEntry, LanguagePair } from "./glossary-entry.ts";
import { rowsOf, xlsxMembers } from "../documents/office/make-xlsx.case.ts";
import { makeZip } from "../platform/zip.case.ts";
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
    ["a semicolon in a field", "s.csv", 'rope,"Seil; Tau"\nbow,Bug\n', ["rope=Seil; Tau", "bow=Bug"]],
    ["a comma in a field", "s.csv", "source;target\nbow;Bug, vorn\n", ["bow=Bug, vorn"]],
    ["what a spreadsheet writes with tabs", "d.tsv", '"the ""ramp"""\tRampe\n', ['the "ramp"=Rampe']],
    ["a name that says tabs, a first line without one", "d.tsv", "a; b\nbow\tBug\n", ["a; b=", "bow=Bug"]],
    ["OmegaT", "g.utf8", "# Terms -*- coding: utf-8 -*-\nbow\tBug\tfront\n", ["bow=Bug"]],
    ["names of languages", "g.csv", "English,Deutsch,Notes\nship,Schiff,\n", ["ship=Schiff"]],
    ["codes in brackets, in capitals", "g.csv", "Term (EN);Term (DE)\nship;Schiff\n", ["ship=Schiff"]],
    ["terms that look like codes", "g.csv", "cat,gat\ncow,vaca\n", ["cat=gat", "cow=vaca"]],
    ["two columns of one language", "g.csv", "en,de,de\nrope,Seil,Tau\n", ["rope=Seil|Tau"]],
    ["one column", "g.csv", "term\nSaltmaiden\n", ["Saltmaiden="]],
    ["a head with an empty column", "g.csv", "source,target,definition\nbow,Bug,\n", ["bow=Bug"]],
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

  it("a concept in another order, in three letters", async () => {
    const set = (code: string, term: string): string =>
      `<langSet xml:lang="${code}"><tig><term>${term}</term></tig></langSet>`;
    const file = `<martif><text><body><termEntry>${set("eng", "bow")}${set("deu", "Bug")}</termEntry><termEntry>${set("deu", "Heck")}${set("eng", "stern")}</termEntry></body></text></martif>`;
    expect(pairs(await parse("g.tbx", file))).toEqual(["bow=Bug", "stern=Heck"]);
    expect(pairs(await parse("g.tbx", file, { source: "de", target: "en" }))).toEqual([
      "Bug=bow",
      "Heck=stern",
    ]);
  });

  it("TBX of one language: the form to avoid is found, and forbidden", async () => {
    const file = `<martif><text><body><termEntry><langSet xml:lang="en"><tig><term>season ticket</term></tig><tig><term>gull card</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet></termEntry></body></text></martif>`;
    expect(await parse("g.tbx", file)).toMatchObject([
      { source: "season ticket", aliases: ["gull card"], forbidden: ["gull card"] },
    ]);
  });

  it("TMX by the source language that its head says", async () => {
    const tmx = `<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="de"><seg>Bug</seg></tuv><tuv xml:lang="en"><seg>bow</seg></tuv></tu></body></tmx>`;
    expect(pairs(await parse("m.tmx", tmx))).toEqual(["bow=Bug"]);
  });

  it("TEI with senses in senses", async () => {
    const cit = (word: string): string =>
      `<sense><cit type="trans" xml:lang="en"><quote>${word}</quote></cit></sense>`;
    const example = `<cit type="example"><quote>Das Haus</quote><cit type="trans"><quote>the house</quote></cit></cit>`;
    const tei = `<TEI><text><body><entry xml:lang="de"><form><orth>Haus</orth></form><sense>${cit("house")}${cit("home")}${example}</sense></entry></body></text></TEI>`;
    expect(await parse("d.tei", tei)).toMatchObject([
      {
        source: "Haus",
        targets: ["house", "home"],
        examples: [{ source: "Das Haus", target: "the house" }],
        languages: { source: "de", target: "en" },
      },
    ]);
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

describe("workbooks", () => {
  it("the first sheet that is seen, without what helps to pronounce a text", async () => {
    const aided = "<c t='inlineStr'><is><t>船首</t><rPh><t>センシュ</t></rPh></is></c>";
    const rows = [
      ["ja", "en", "pos"],
      [aided, "bow", "noun"],
    ];
    const bytes = makeZip(
      xlsxMembers([{ state: "hidden", xml: rowsOf([["x", "y"]]) }, { xml: rowsOf(rows) }]),
    );
    expect(await parseGlossary(bytes, "g.xlsx")).toMatchObject([
      { source: "船首", targets: ["bow"], partOfSpeech: "noun" },
    ]);
  });
});

describe("bad files", () => {
  it.each([
    ["g.pdf", "x"],
    ["g.csv", ""],
    ["g.csv", "source,target\n"],
    ["g.xml", "<html/>"],
  ])("%s", async (name, text) => {
    await expect(parse(name, text)).rejects.toMatchObject({ code: "LORAG_BAD_GLOSSARY" });
  });

  it("entities of its own are not expanded", async () => {
    const bomb = `<!DOCTYPE martif [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><martif>&b;</martif>`;
    await expect(parse("g.tbx", bomb)).rejects.toMatchObject({ code: "LORAG_BAD_ARCHIVE" });
  });
});
