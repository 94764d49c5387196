/** What a figure is counted in: figures of one dimension are compared in its base unit, value x factor + offset. */
export interface Unit {
  symbol: string;
  dimension: string;
  factor: number;
  offset?: number;
}

const dimensions: Record<string, Record<string, number>> = {
  time: { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400, wk: 604_800, fortnight: 1_209_600 },
  months: { mo: 1, yr: 12, decades: 120, centuries: 1200 },
  length: {
    nm: 1e-9,
    µm: 1e-6,
    mm: 0.001,
    cm: 0.01,
    dm: 0.1,
    m: 1,
    km: 1000,
    in: 0.0254,
    ft: 0.3048,
    yd: 0.9144,
    mi: 1609.344,
    nmi: 1852,
  },
  mass: { µg: 1e-6, mg: 0.001, g: 1, kg: 1000, t: 1e6, oz: 28.349_523, lb: 453.592_37 },
  volume: {
    ml: 0.001,
    cl: 0.01,
    dl: 0.1,
    l: 1,
    hl: 100,
    "m³": 1000,
    "cm³": 0.001,
    pt: 0.568_261,
    gal: 3.785_412,
  },
  area: {
    "mm²": 1e-6,
    "cm²": 1e-4,
    "m²": 1,
    "km²": 1e6,
    ha: 1e4,
    acre: 4046.856_42,
    "ft²": 0.092_903,
    "mi²": 2_589_988,
  },
  speed: { "m/s": 1, "km/h": 1 / 3.6, mph: 0.447_04, kn: 0.514_444 },
  angle: { "°": 1 },
  share: { "%": 0.01, "‰": 0.001 },
  points: { pp: 1 },
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  bits: { bit: 1, kbit: 1e3, Mbit: 1e6, Gbit: 1e9 },
  power: { mW: 0.001, W: 1, kW: 1000, MW: 1e6, GW: 1e9 },
  energy: { J: 1, kJ: 1000, Wh: 3600, kWh: 3.6e6, MWh: 3.6e9, cal: 4.184, kcal: 4184 },
  voltage: { mV: 0.001, V: 1, kV: 1000 },
  current: { mA: 0.001, A: 1 },
  frequency: { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 },
  pressure: { Pa: 1, hPa: 100, kPa: 1000, bar: 1e5, psi: 6894.757 },
  sound: { dB: 1 },
  times: { times: 1 },
  decade: { decade: 1 },
  cents: { cent: 0.01 },
  ...Object.fromEntries(
    [
      "USD",
      "EUR",
      "GBP",
      "JPY",
      "CNY",
      "INR",
      "RUB",
      "CHF",
      "KES",
      "THB",
      "KRW",
      "BRL",
      "SEK",
      "NOK",
      "DKK",
      "PLN",
      "TRY",
      "CAD",
      "AUD",
      "NZD",
    ].map((currency) => [currency, { [currency]: 1 }]),
  ),
};

const bySymbol = new Map<string, Unit>(
  Object.entries(dimensions).flatMap(([dimension, units]) =>
    Object.entries(units).map(([symbol, factor]) => [symbol, { symbol, dimension, factor }]),
  ),
);
bySymbol.set("°C", { symbol: "°C", dimension: "temperature", factor: 1 });
bySymbol.set("°F", { symbol: "°F", dimension: "temperature", factor: 5 / 9, offset: -160 / 9 });
bySymbol.set("K", { symbol: "K", dimension: "temperature", factor: 1, offset: -273.15 });

const spellings: Record<string, string> = {
  sec: "s",
  mins: "min",
  hr: "h",
  hrs: "h",
  mcg: "µg",
  μg: "µg",
  μm: "µm",
  L: "l",
  mL: "ml",
  cL: "cl",
  dL: "dl",
  lbs: "lb",
  KB: "kB",
  kb: "kB",
  mb: "MB",
  gb: "GB",
  Mb: "Mbit",
  Gb: "Gbit",
  "m^2": "m²",
  m2: "m²",
  qm: "m²",
  sqm: "m²",
  km2: "km²",
  cm2: "cm²",
  "m^3": "m³",
  m3: "m³",
  cm3: "cm³",
  cc: "cm³",
  "sq ft": "ft²",
  "sq m": "m²",
  "sq km": "km²",
  kph: "km/h",
  kmh: "km/h",
  "km/hr": "km/h",
  "°": "°",
  $: "USD",
  US$: "USD",
  A$: "AUD",
  C$: "CAD",
  NZ$: "NZD",
  R$: "BRL",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₽": "RUB",
  "฿": "THB",
  "₩": "KRW",
  "₺": "TRY",
  KSh: "KES",
  Ksh: "KES",
  kr: "kr",
  "¢": "cent",
};

export const unitOf = (symbol: string): Unit | undefined => bySymbol.get(spellings[symbol] ?? symbol);

const escape = (symbol: string): string => symbol.replace(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
const longestFirst = [...bySymbol.keys(), ...Object.keys(spellings)]
  .filter(
    (symbol) =>
      ![
        "times",
        "decade",
        "decades",
        "centuries",
        "pp",
        "acre",
        "bit",
        "fortnight",
        "wk",
        "mo",
        "yr",
      ].includes(symbol),
  )
  .toSorted((a, b) => b.length - a.length)
  .map(escape)
  .join("|");

/** A unit's symbol straight after a figure; `in` only where no word follows, as it is one. */
export const symbolAfter = new RegExp(` ?(?:(?!in [\\p{L}\\d])(${longestFirst}))(?![\\p{L}\\d²³])`, "uy");
export const currencyBefore =
  /((?:US\$|A\$|C\$|NZ\$|R\$|[$€£¥₹₽฿₩₺]) ?|(?:USD|EUR|GBP|JPY|CNY|INR|RUB|CHF|KES|THB|CAD|AUD|KSh|Ksh|Rs)\.? ?)(?=-?\.?\d)/uy;
