/** The words that a language puts together to numbers below a million, without a space between. */
interface NumberParts {
  units: Record<string, number>;
  tens: Record<string, number>;
  hundred: string;
  thousand: string;
  /** Stands between a unit and the tens behind it (`femogtyve`), and may stand behind hundreds and thousands. */
  and: string;
}

/** Reads numbers of Scandinavian languages: `tjugofem`, `femogtyve`, `tohundreogfemti`. */
export function compoundNumbers({ units, tens, hundred, thousand, and }: NumberParts) {
  const read = (word: string): number | undefined => {
    for (const [scale, value] of [
      [thousand, 1000],
      [hundred, 100],
    ] as const) {
      const at = word.indexOf(scale);
      if (at < 0) continue;
      const rest = word.slice(at + scale.length);
      const before = at === 0 ? 1 : read(word.slice(0, at));
      const after = rest === "" ? 0 : read(rest.startsWith(and) ? rest.slice(and.length) : rest);
      return before === undefined || after === undefined ? undefined : before * value + after;
    }
    for (const [ten, value] of Object.entries(tens)) {
      const unit = word.startsWith(ten)
        ? units[word.slice(ten.length)]
        : word.endsWith(and + ten)
          ? units[word.slice(0, -ten.length - and.length)]
          : undefined;
      if (unit !== undefined && unit > 0 && unit < 10) return value + unit;
    }
    return units[word] ?? tens[word];
  };
  return read;
}
