const english = (date: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(date);
const two = (value: number): string => String(value).padStart(2, "0");

/** By Python's format codes (https://docs.python.org/3/library/datetime.html#format-codes), as in the C locale, in UTC. */
const codes: Record<string, (date: Date) => string> = {
  a: (date) => english(date, { weekday: "short" }),
  A: (date) => english(date, { weekday: "long" }),
  b: (date) => english(date, { month: "short" }),
  B: (date) => english(date, { month: "long" }),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  j: (date) => String(dayOfYear(date)).padStart(3, "0"),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  S: (date) => two(date.getUTCSeconds()),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  "%": () => "%",
};

/** A date as Python's `strftime` writes it; `%-d` leaves out zeros in front. Other codes stay as they are. */
export function formatDate(date: Date, format: string): string {
  return format.replaceAll(/%(-?)([A-Za-z%])/g, (whole, bare: string, code: string) => {
    const written = codes[code]?.(date);
    if (written === undefined) return whole;
    return bare ? written.replace(/^[0 ]+(?=.)/, "") : written;
  });
}

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
