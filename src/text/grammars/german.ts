import { numbered, type Grammar } from "./grammar.ts";

const units: Record<string, number> = numbered(
  "null ein/eins/eine/einem/einen/einer zwei/zwo drei vier funf sechs sieben acht neun",
);
const small = numbered("zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn", 10);
const tens = numbered("zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig", 20, 10);

/** `eintausendfünfhundertdreiundzwanzig`, folded. */
function compound(word: string): number | undefined {
  const half = /^(.+)einhalb$/u.exec(word);
  if (half) return word === "anderthalb" ? 1.5 : add(compound(half[1]!), 0.5);
  for (const [scale, value] of [
    ["tausend", 1000],
    ["hundert", 100],
  ] as const) {
    const at = word.indexOf(scale);
    if (at < 0) continue;
    const before = at === 0 ? 1 : compound(word.slice(0, at));
    const rest = word.slice(at + scale.length).replace(/^und(?=.)/u, "");
    const after = rest === "" ? 0 : compound(rest);
    return before === undefined ? undefined : add(after, before * value);
  }
  const joined = /^(.+)und(.+)$/u.exec(word);
  if (joined && tens[joined[2]!] !== undefined) return add(units[joined[1]!], tens[joined[2]!]!);
  return units[word] ?? small[word] ?? tens[word];
}

const add = (a: number | undefined, b: number): number | undefined => (a === undefined ? undefined : a + b);

export const german: Grammar = {
  code: "de",
  decimal: ",",
  functionWords:
    "der die das den dem des ein eine einen einem einer eines und oder von vom zu zum zur in im ins an am auf aus bei beim fur mit nach uber unter um als wie ist sind war waren wird werden wurde wurden sein hat haben hatte kann konnen darf durfen muss mussen soll sollen es er sie wir ihr ich man sich dies diese dieser dieses jede jeder jedes alle nur auch etwa ca rund circa ungefahr wenn dass da hier dort nicht kein keine keinen keinem keiner ja nein so aber bis ab pro je uhr vielleicht wohl antwort lautet z b zb noch schon leider sehr",
  negators: "nicht kein keine keinen keinem keiner keines nie niemals ohne weder nichts niemand",
  yes: "ja jawohl",
  no: "nein",
  and: "und sowie",
  or: "oder bzw beziehungsweise",
  except: "ausser ausgenommen statt anstatt anstelle",
  months: [
    "januar janner jan",
    "februar feb feber",
    "marz mar mrz",
    "april apr",
    "mai",
    "juni jun",
    "juli jul",
    "august aug",
    "september sept sep",
    "oktober okt",
    "november nov",
    "dezember dez",
  ],
  weekdays: [
    "montag montags mo",
    "dienstag dienstags di",
    "mittwoch mittwochs mi",
    "donnerstag donnerstags do",
    "freitag freitags fr",
    "samstag samstags sonnabend sonnabends sa",
    "sonntag sonntags so",
  ],
  numbers: { ...units, ...small, ...tens, anderthalb: 1.5 },
  scales: {
    dutzend: 12,
    hundert: 100,
    tausend: 1000,
    million: 1e6,
    millionen: 1e6,
    mio: 1e6,
    milliarde: 1e9,
    milliarden: 1e9,
    mrd: 1e9,
    tsd: 1000,
  },
  joins: "und",
  ordinals: Object.fromEntries(
    "erst zweit dritt viert funft sechst siebt acht neunt zehnt elft zwolft"
      .split(" ")
      .flatMap((stem, place) =>
        ["e", "er", "es", "en", "em"].map((ending) => [stem + ending, place + 1] as const),
      ),
  ),
  compound: (word) => (/hundert|tausend|und|einhalb/u.test(word) ? compound(word) : undefined),
  units: {
    s: "sekunde sekunden sek",
    min: "minute minuten min",
    h: "stunde stunden std h",
    d: "tag tage tagen",
    wk: "woche wochen",
    mo: "monat monate monaten",
    yr: "jahr jahre jahren",
    mm: "millimeter",
    cm: "zentimeter",
    m: "meter metern",
    km: "kilometer kilometern",
    mi: "meile meilen",
    g: "gramm",
    mg: "milligramm",
    kg: "kilogramm kilo",
    t: "tonne tonnen",
    ml: "milliliter",
    l: "liter litern",
    ha: "hektar",
    "%": "prozent",
    "°": "grad",
    USD: "dollar",
    EUR: "euro euros",
    CHF: "franken",
    GBP: "pfund",
    cent: "cent",
    times: "mal",
  },
  hours: { mittag: 720, mittags: 720, mitternacht: 0 },
  halfTo: "halb",
  to: "bis",
  changes: { from: "von|vom", to: "auf" },
  times: { einmal: 1, zweimal: 2, dreimal: 3, viermal: 4 },
  minus: "minus",
  half: "halb halbe halben halber halbes",
  morning: "morgens vormittags fruh",
  afternoon: "nachmittags abends nachts",
  bounds: {
    atLeast: "mindestens|wenigstens|minimal|nicht weniger als",
    atMost: "höchstens|hoechstens|maximal|bis zu|nicht mehr als",
    more: "mehr als|über|ueber",
    less: "weniger als|unter",
  },
  boundsAfter: {
    atLeast: "oder (?:mehr|älter|länger|später)|und (?:mehr|älter)",
    atMost: "oder (?:weniger|jünger|kürzer|früher)",
  },
  conclusions:
    "(?:die |meine )?(?:endgültige |richtige |korrekte )?(?:antwort|lösung) (?:ist|lautet)|(?:antwort|lösung|ergebnis) ?:",
  but: "sondern aber",
  falsehoods: {
    before: "(?:es|das) (?:stimmt nicht|ist falsch|ist nicht wahr|ist unwahr|trifft nicht zu),? dass",
    behind: "(?:die behauptung|die aussage|das gerücht)[^.;!?]*(?:ist falsch|stimmt nicht|trifft nicht zu)",
  },
  unlike: "anders als|im gegensatz zu[mr]?",
  once: "früher|vormals|ehemals|nicht mehr",
  now: "jetzt|heute|heutzutage|inzwischen|nun|mittlerweile|derzeit",
  asksYesNo:
    "ist sind war waren kann kannst konnen darf darfst durfen muss musst mussen soll sollen sollte gibt hat haben wird werden braucht",
  who: "wer wem wen wessen",
  dimensions: "lang hoch breit tief dick",
  refusals: [
    /^(?:das|es|die antwort|dies) (?:steht|ist|wird|geht) (?:\S+ )?(?:nicht|nirgends)\b.*\b(?:dokument|unterlage|text|quelle|angegeben|erwähnt|genannt|hervor|passage|abschnitt)/,
    /^(?:das )?(?:weiß|kann) ich (?:\S+ )*nicht\b/,
    /^ich (?:weiß|kann) (?:\S+ )*nicht\b/,
    /^(?:die|den|in den|aus den|laut den) (?:dokumente|unterlagen|texte|quellen|passagen)n? (?:\S+ )*(?:nicht|keine|nichts|kein)\b/,
    /^(?:dazu|darüber|davon|hierzu) (?:findet|steht|gibt|heißt) (?:es |sich )?(?:\S+ )?(?:nichts|keine)\b/,
    /^(?:keine|es gibt keine|dazu gibt es keine|hierzu gibt es keine) (?:angabe|angaben|information|informationen|antwort)\b/,
  ],
  seeks: {
    where: "wo|wohin",
    when: "wann|(?:in |an )?welche[mrs]? (?:jahr|datum|tag|monat)",
    howMany: "wie ?(?:viele?|lange?|alt|weit|hoch|tief|breit|schwer|oft|schnell)",
  },
  asides: "natürlich|selbstverständlich|soweit ich weiß|sicher|gewiss|glaube ich|denke ich",
  abbreviations: "hr fr nr bzw usw ca str abs ggf inkl evtl tel mind max vgl jh jhd mio mrd",
};
