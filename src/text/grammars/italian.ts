import { numbered, type Grammar } from "./grammar.ts";

const units = numbered(
  "zero uno/un/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
);
const tens = numbered("venti trenta quaranta cinquanta sessanta settanta ottanta novanta", 20, 10);

/** `milleduecentotrentotto`, folded. */
function compound(word: string): number | undefined {
  if (word === "") return 0;
  const known = units[word] ?? tens[word];
  if (known !== undefined) return known;
  const thousands = /^(.*?)(?:mila|mille)(.*)$/u.exec(word);
  if (thousands) return combine(thousands[1]!, 1000, thousands[2]!);
  const hundreds = /^(.*?)cento?(.*)$/u.exec(word);
  if (hundreds) return combine(hundreds[1]!, 100, hundreds[2]!);
  for (const [ten, value] of Object.entries(tens)) {
    for (const stem of [ten, ten.slice(0, -1)]) {
      const unit = word.startsWith(stem) ? units[word.slice(stem.length)] : undefined;
      if (unit !== undefined && unit > 0 && unit < 10) return value + unit;
    }
  }
  return undefined;
}

function combine(before: string, scale: number, after: string): number | undefined {
  const times = before === "" ? 1 : compound(before);
  const rest = compound(after);
  return times === undefined || rest === undefined ? undefined : times * scale + rest;
}

export const italian: Grammar = {
  code: "it",
  decimal: ",",
  functionWords:
    "il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli alle da dal dalla in nel nello nella nei nelle con su sul sulla per tra fra e ed o od che chi cui e sono era erano sara essere ha hanno si no non ci vi ne suo sua suoi sue questo questa questi queste quello quella puo possono deve devono anche solo circa come se piu molto ogni tutti tutto risposta forse",
  negators: "non mai senza nessun nessuno nessuna niente nulla ne",
  yes: "si",
  no: "no",
  and: "e ed",
  or: "o oppure",
  except: "tranne eccetto salvo",
  months: [
    "gennaio gen",
    "febbraio feb",
    "marzo",
    "aprile apr",
    "maggio mag",
    "giugno giu",
    "luglio lug",
    "agosto ago",
    "settembre set",
    "ottobre ott",
    "novembre nov",
    "dicembre dic",
  ],
  weekdays: ["lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"],
  numbers: { ...units, ...tens },
  scales: {
    decina: 10,
    decine: 10,
    dozzina: 12,
    dozzine: 12,
    ventina: 20,
    trentina: 30,
    cinquantina: 50,
    centinaio: 100,
    centinaia: 100,
    cento: 100,
    mille: 1000,
    mila: 1000,
    milione: 1e6,
    milioni: 1e6,
    miliardo: 1e9,
    miliardi: 1e9,
  },
  ordinals: numbered(
    "primo/prima secondo/seconda terzo/terza quarto/quarta quinto/quinta sesto/sesta settimo/settima ottavo/ottava nono/nona decimo/decima",
    1,
  ),
  compound: (word) => (word.length > 6 ? compound(word) : undefined),
  units: {
    s: "secondi",
    min: "minuto minuti",
    h: "ora ore",
    d: "giorno giorni",
    wk: "settimana settimane",
    mo: "mese mesi",
    yr: "anno anni",
    cm: "centimetro centimetri",
    m: "metro metri",
    km: "chilometro chilometri",
    g: "grammo grammi",
    kg: "chilogrammo chilogrammi chilo chili",
    l: "litro litri",
    "°": "grado gradi",
    USD: "dollaro dollari",
    EUR: "euro",
    cent: "centesimo centesimi",
    times: "volta volte",
  },
  hours: { mezzogiorno: 720, mezzanotte: 0 },
  pastHour: {
    after: "(?:al|dal)?l[e'a]",
    minutes: {
      "e mezz[ao]": 30,
      "e un quarto": 15,
      "meno un quarto": -15,
      "e tre quarti": 45,
      "e dieci": 10,
      "e venti": 20,
    },
  },
  to: "a al fino",
  changes: {
    verbs:
      "sal\\p{L}+|scend\\p{L}+|sces\\p{L}+|pass\\p{L}+|aument\\p{L}+|cal[aoòe]\\p{L}*|ridott\\p{L}+|cresc\\p{L}+",
    from: "da|dal|dai",
  },
  minus: "meno",
  half: "mezzo mezza meta",
  morning: "mattina mattino",
  afternoon: "pomeriggio sera",
  bounds: {
    atLeast: "almeno|come minimo|un minimo di|minimo|non meno di",
    atMost: "al massimo|un massimo di|massimo|fino a|non più di",
    more: "più di|oltre",
    less: "meno di",
  },
  conclusions: "(?:la |mia )?risposta (?:corretta |finale |giusta )?è|risposta ?:",
  but: "ma bensi",
  falsehoods: {
    before: "(?:non è vero|è falso|è sbagliato) che",
    behind: "(?:l'affermazione|la voce|l'idea)[^.;!?]*(?:è falsa|non è vera)",
  },
  unlike: "a differenza (?:di|del|dei|della|delle|degli|dello)|al contrario (?:di|del|dei|della|delle)",
  once: "prima|un tempo|in passato|una volta|non [^.;!?,]{1,20} più",
  now: "ora|adesso|oggi|attualmente",
  who: "chi",
  sameAs: { "mezz'ora": "30 minuti", "un'ora e mezza": "90 minuti" },
  refusals: [
    /^non (?:lo )?(?:so|posso|si sa|è indicato|è specificato|è menzionato|ho informazioni|ci sono informazioni)\b/,
    /^(?:il|i|questo|questi|nessun) (?:documento|documenti|testo|testi|passaggio|brano|fonti) non\b/,
  ],
  seeks: {
    where: "dove",
    when: "quando|(?:in |a )?(?:che|quale) (?:anno|data|giorno|mese|ora)",
    howMany: "quant[oiae]",
  },
  asides: "naturalmente|certo|ovviamente|certamente|credo|penso",
  abbreviations: "sig dott art pag ecc",
};
