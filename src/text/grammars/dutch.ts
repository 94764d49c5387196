import { numbered, type Grammar } from "./grammar.ts";

const units = numbered(
  "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
);
const tens = numbered("twintig dertig veertig vijftig zestig zeventig tachtig negentig", 20, 10);

function compound(word: string): number | undefined {
  for (const [scale, value] of [
    ["duizend", 1000],
    ["honderd", 100],
  ] as const) {
    const at = word.indexOf(scale);
    if (at < 0) continue;
    const before = at === 0 ? 1 : compound(word.slice(0, at));
    const rest = word.slice(at + scale.length).replace(/^en(?=.)/u, "");
    const after = rest === "" ? 0 : compound(rest);
    return before === undefined || after === undefined ? undefined : before * value + after;
  }
  for (const [ten, value] of Object.entries(tens)) {
    const unit = word.endsWith(`en${ten}`) ? units[word.slice(0, -ten.length - 2)] : undefined;
    if (unit !== undefined) return value + unit;
  }
  return units[word] ?? tens[word];
}

export const dutch: Grammar = {
  code: "nl",
  decimal: ",",
  functionWords:
    "de het een en of van in op aan bij voor met naar uit tot om over door als dan is zijn was waren wordt worden werd heeft hebben had kan kunnen mag mogen moet moeten zal er hij zij ze we wij u ik jij je men zich dit dat deze die alle elke elk alleen ook ongeveer circa niet geen ja nee maar per uur misschien antwoord wel nog al",
  negators: "niet geen nooit zonder noch niets niemand",
  yes: "ja",
  no: "nee neen",
  and: "en",
  or: "of",
  except: "behalve uitgezonderd",
  months: [
    "januari jan",
    "februari feb",
    "maart mrt",
    "april apr",
    "mei",
    "juni jun",
    "juli jul",
    "augustus aug",
    "september sept",
    "oktober okt",
    "november nov",
    "december dec",
  ],
  weekdays: [
    "maandag ma",
    "dinsdag di",
    "woensdag wo",
    "donderdag do",
    "vrijdag vr",
    "zaterdag za",
    "zondag zo",
  ],
  numbers: { ...units, ...tens },
  scales: { dozijn: 12, honderd: 100, duizend: 1000, miljoen: 1e6, miljard: 1e9 },
  joins: "en",
  ordinals: numbered(
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
    1,
  ),
  compound: (word) => (/honderd|duizend|tig$/u.test(word) ? compound(word) : undefined),
  units: {
    s: "seconde seconden",
    min: "minuut minuten",
    h: "uur uren",
    d: "dag dagen",
    wk: "week weken",
    mo: "maand maanden",
    yr: "jaar jaren",
    cm: "centimeter",
    m: "meter",
    km: "kilometer",
    g: "gram",
    kg: "kilogram kilo",
    l: "liter",
    "%": "procent",
    "°": "graden graad",
    USD: "dollar",
    EUR: "euro",
    cent: "cent",
    times: "keer maal",
  },
  hours: { middernacht: 0 },
  halfTo: "half",
  to: "tot",
  changes: { from: "van", to: "naar|tot wel" },
  times: { eenmaal: 1, tweemaal: 2, driemaal: 3 },
  minus: "min",
  half: "half halve helft",
  bounds: {
    atLeast: "minstens|ten minste|minimaal|niet minder dan",
    atMost: "hoogstens|ten hoogste|maximaal|tot|niet meer dan",
    more: "meer dan|boven",
    less: "minder dan|onder",
  },
  conclusions: "(?:het |mijn )?(?:juiste |goede )?antwoord (?:is|luidt)|antwoord ?:",
  but: "maar",
  falsehoods: {
    before: "(?:het is (?:niet waar|onjuist|onwaar)|het klopt niet) dat",
    behind: "(?:de bewering|het gerucht|het idee)[^.;!?]*(?:is onjuist|klopt niet|is niet waar)",
  },
  unlike: "anders dan|in tegenstelling tot",
  once: "vroeger|voorheen|eerder|niet meer",
  now: "nu|tegenwoordig|vandaag|inmiddels",
  asksYesNo: "is zijn was waren kan kunnen mag mogen moet moeten heeft hebben wordt worden",
  who: "wie",
  sameAs: { "anderhalf uur": "90 minuten", "een half uur": "30 minuten", halfuur: "30 minuten" },
  refusals: [
    /^(?:dat|ik) (?:weet|kan) (?:\S+ )*niet\b/,
    /^(?:de|het) (?:documenten|document|tekst|teksten|bronnen) (?:\S+ )*(?:niet|geen|niets)\b/,
  ],
  seeks: {
    where: "waar",
    when: "wanneer|(?:in |op )?welk(?:e)? (?:jaar|datum|dag|maand)",
    howMany: "hoe ?(?:veel|lang|oud|ver|hoog|diep|breed|zwaar|vaak|snel)",
  },
  asides: "natuurlijk|uiteraard|zeker|denk ik|geloof ik",
  abbreviations: "dhr mevr nr bijv enz ca",
};
