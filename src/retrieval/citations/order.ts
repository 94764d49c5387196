/** Two things in an order: what the first part says comes first, or is less. */
interface Order {
  first: ReadonlySet<string>;
  second: ReadonlySet<string>;
}

/** Words between two things, and whether the thing before the word comes first. */
const connectives: [RegExp, boolean][] = [
  [/\b(?:before|earlier than|prior to|ahead of|vor|avant|antes de)\b/iu, true],
  [/\b(?:after|later than|following|nach|après|después de)\b/iu, false],
  [/\b(?:less|fewer|smaller|shorter|lower|cheaper|lighter|slower|younger)\b.{0,20}?\bthan\b/iu, true],
  [/\b(?:more|larger|bigger|longer|higher|dearer|heavier|faster|older|greater)\b.{0,20}?\bthan\b/iu, false],
];

/**
 * Whether a claim puts two things in the order that the passage has the other way round: `A before B` against `B before
 * A` and `A after B`.
 */
export function contradictsOrder(
  claim: string,
  statements: string[],
  wordsOf: (text: string) => ReadonlySet<string>,
): boolean {
  const claimed = readOrder(claim, wordsOf);
  if (!claimed) return false;
  const found = statements.flatMap((statement) => readOrder(statement, wordsOf) ?? []);
  const straight = Math.max(0, ...found.map((order) => likeness(claimed, order)));
  const reversed = Math.max(
    0,
    ...found.map(({ first, second }) => likeness(claimed, { first: second, second: first })),
  );
  return reversed > straight;
}

function readOrder(text: string, wordsOf: (text: string) => ReadonlySet<string>): Order | undefined {
  for (const [connective, isFirst] of connectives) {
    const match = connective.exec(text);
    if (!match) continue;
    const [left, right] = [text.slice(0, match.index), text.slice(match.index + match[0].length)].map(
      wordsOf,
    );
    if (left!.size === 0 || right!.size === 0) continue;
    return isFirst ? { first: left!, second: right! } : { first: right!, second: left! };
  }
  return undefined;
}

/** Words that stand on the same side; only where both sides have some. */
function likeness(a: Order, b: Order): number {
  const shared = (x: ReadonlySet<string>, y: ReadonlySet<string>): number =>
    [...x].filter((word) => y.has(word)).length;
  const [first, second] = [shared(a.first, b.first), shared(a.second, b.second)];
  return first > 0 && second > 0 ? first + second : 0;
}
