/** Two things in an order: what the first part says comes first, or is less. */
interface Order {
  first: ReadonlySet<string>;
  second: ReadonlySet<string>;
}

const between = (words: string): RegExp => new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, "iu");

/** Words between two things, and whether the thing before the word comes first. Longer ones stand before their parts. */
const connectives: [RegExp, boolean][] = [
  [
    between(
      "before|earlier than|prior to|ahead of|bevor|ehe|vor|avant|antes de|antes que|prima (?:di|del\\p{L}*|dell['’]|che)|voordat|voor|innan|före|før|до|перед|antes d[aeo]s?|przed|než",
    ),
    true,
  ],
  [
    between(
      "after|later than|following|nachdem|nach|après|después de|después que|dopo|nadat|na|efter(?: att)?|etter|после|depois d[aeo]s?|po tym jak",
    ),
    false,
  ],
  [
    between("(?:less|fewer|smaller|shorter|lower|cheaper|lighter|slower|younger)(?!\\p{L}).{0,20}?than"),
    true,
  ],
  [
    between("(?:more|larger|bigger|longer|higher|dearer|heavier|faster|older|greater)(?!\\p{L}).{0,20}?than"),
    false,
  ],
];
/** What a clause that tells a later step begins with. */
const thenComes =
  /^(?:(?:and|und|et|y|e|en|och|и)\s+)?(?:only\s+|erst\s+)?(?:then|next|afterwards|finally|lastly|dann|danach|anschließend|schließlich|zuletzt|puis|ensuite|enfin|luego|después|finalmente|poi|infine|daarna|vervolgens|sedan|därefter|затем|потом|наконец)(?!\p{L})/iu;

/**
 * Whether a claim puts two things in the order that the passage has the other way round: `A before B` against `B before
 * A`, `A after B` and `first B, then A`. `clausesOf` takes a statement apart.
 */
export function contradictsOrder(
  claim: string,
  statements: string[],
  wordsOf: (text: string) => ReadonlySet<string>,
  clausesOf: (text: string) => string[],
): boolean {
  const [claimed] = readOrder(claim, wordsOf);
  if (!claimed) return turnsRound(claim, statements.flatMap(clausesOf), wordsOf);
  const found = statements.flatMap((statement) => [
    ...readOrder(statement, wordsOf),
    ...readSteps(clausesOf(statement), wordsOf),
  ]);
  const straight = Math.max(0, ...found.map((order) => likeness(claimed, order)));
  const reversed = Math.max(
    0,
    ...found.map(({ first, second }) => likeness(claimed, { first: second, second: first })),
  );
  return reversed > straight;
}

function readOrder(text: string, wordsOf: (text: string) => ReadonlySet<string>): Order[] {
  for (const [connective, isFirst] of connectives) {
    const match = connective.exec(text);
    if (!match) continue;
    const [left, right] = [text.slice(0, match.index), text.slice(match.index + match[0].length)].map(
      wordsOf,
    );
    if (left!.size === 0 || right!.size === 0) continue;
    return [isFirst ? { first: left!, second: right! } : { first: right!, second: left! }];
  }
  return [];
}

/** `First A, then B, afterwards C`: each clause comes before those that follow. */
function readSteps(clauses: string[], wordsOf: (text: string) => ReadonlySet<string>): Order[] {
  const steps = clauses.map(wordsOf);
  return clauses.flatMap((clause, later) =>
    thenComes.test(clause)
      ? steps.slice(0, later).map((first): Order => ({ first, second: steps[later]! }))
      : [],
  );
}

/** `After the bath one rests`, where the clause that has all its words begins with `before`. */
function turnsRound(
  claim: string,
  clauses: string[],
  wordsOf: (text: string) => ReadonlySet<string>,
): boolean {
  const claimed = connectives.findIndex(([connective]) => connective.test(claim));
  if (claimed < 0) return false;
  const words = [...wordsOf(claim)];
  const same = clauses.filter((clause) => {
    const held = wordsOf(clause);
    return words.length > 0 && words.every((word) => held.has(word));
  });
  const opposite = connectives[claimed ^ 1]![0];
  return (
    same.length > 0 && same.every((clause) => opposite.test(clause) && !connectives[claimed]![0].test(clause))
  );
}

/** Words that stand on the same side; only where both sides have some. */
function likeness(a: Order, b: Order): number {
  const shared = (x: ReadonlySet<string>, y: ReadonlySet<string>): number =>
    [...x].filter((word) => y.has(word)).length;
  const [first, second] = [shared(a.first, b.first), shared(a.second, b.second)];
  return first > 0 && second > 0 ? first + second : 0;
}
