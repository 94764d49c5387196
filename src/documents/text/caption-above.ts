const names = /^\**(?:table|tab\.|tabelle|tableau|tabla|tabela|tabella|tabel|таблица|表)\s*[\p{N}IVX]/iu;

/** The line that ends a text, where it names the table that follows ("Table 3: Fares"). */
export function captionAbove(text: string): string | undefined {
  const last = text.slice(-300).trimEnd();
  const line = last.slice(last.lastIndexOf("\n") + 1).trim();
  return line.length <= 200 && names.test(line) ? line : undefined;
}
