// Figures as people read them, the same in the verdict, the table and the reports.

/** `0.7342` is `73%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** `74% (64 to 82)`: value and 95% interval; one value has none. */
export function withInterval({
  value,
  low,
  high,
}: {
  value: number;
  low: number | null;
  high: number | null;
}): string {
  return `${percent(value)} (${rangeOf(low, high)})`;
}

/** `64 to 82`, in points; `no interval` where there is none. */
export function rangeOf(low: number | null, high: number | null): string {
  return low === null || high === null
    ? "no interval"
    : `${Math.round(low * 100)} to ${Math.round(high * 100)}`;
}

/** Two significant digits below 10, so that cents of a cent do not read as free. */
export function money(amount: number, currency: string): string {
  if (amount === 0) return `0 ${currency}`;
  const decimals = amount >= 10 ? 0 : Math.min(8, 1 - Math.floor(Math.log10(amount)));
  return `${amount.toFixed(Math.max(0, amount >= 10 ? 0 : Math.max(2, decimals)))} ${currency}`;
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${minutes.toFixed(minutes < 10 ? 1 : 0)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** With no-break spaces. */
export function pValue(p: number): string {
  return p < 0.001 ? "p\u00A0<\u00A00.001" : `p\u00A0=\u00A0${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

export function points(difference: number): string {
  const rounded = Math.abs(difference * 100);
  return `${rounded < 9.95 ? Number(rounded.toFixed(1)) : Math.round(rounded)} points`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
