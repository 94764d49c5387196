import { LoragError, type Grading } from "../../contracts/index.ts";
import {
  grammars,
  likelyGrammars,
  readText,
  type Figure,
  type Item,
  type Reading,
} from "../../text/index.ts";
import { claimOf } from "../metrics/short-answer.ts";
import type { Grade } from "./grade.ts";

type Amount = Extract<Figure, { kind: "number" }>;

/**
 * Whether an answer has the gold's figure, give or take `tolerance`, in `unit` where one is given. Figures in another
 * unit of its kind are converted; words count for nothing. Two figures with an `or` between them are no answer.
 */
export function gradeNumber(answer: string, gold: string, { tolerance = 0, unit }: Grading): Grade {
  const target = unit === undefined ? undefined : amountsIn(read(`1 ${unit}`))[0]?.amount.unit;
  if (unit !== undefined && !target)
    throw wrongGold(
      `The unit ${unit} is not known`,
      "Write it as `km`, `kg`, `EUR`, `%` or another common symbol.",
    );
  const asked = amountsIn(read(gold))[0]?.amount;
  if (!asked)
    throw wrongGold(
      `The gold ${gold.slice(0, 60)} holds no number`,
      "Grade it with `auto`, or mend the gold.",
    );
  const inUnit = (amount: Amount): number => {
    const own = amount.unit ?? target ?? asked.unit;
    const to = target ?? asked.unit;
    if (own && to && own.dimension !== to.dimension) return Number.NaN;
    const base = amount.value * (own?.factor ?? 1) + (own?.offset ?? 0);
    return (base - (to?.offset ?? 0)) / (to?.factor ?? 1);
  };
  const wanted = inUnit(asked);
  const off =
    typeof tolerance === "number" ? tolerance : (Math.abs(wanted) * Number.parseFloat(tolerance)) / 100;
  const reading = read(claimOf(answer));
  const amounts = amountsIn(reading).map((each) => ({ ...each, value: inUnit(each.amount) }));
  const fits = (value: number): boolean =>
    Math.abs(value - wanted) <= off + 1e-9 * Math.max(1, Math.abs(wanted));
  const steps = [
    `gold: ${wanted}${off > 0 ? ` ± ${off}` : ""}`,
    `answer: ${amounts.map(({ value }) => value).join(", ") || "no number"}`,
  ];
  const held = amounts.find(({ value }) => fits(value));
  if (!held) return { right: false, why: "The answer does not have the number.", steps };
  const other = amounts.find(
    ({ item, value }) => !fits(value) && (item.side !== undefined || isBesideOr(reading, item)),
  );
  if (other && (isBesideOr(reading, other.item) || held.item.side !== undefined))
    return { right: false, why: `The answer has another number, too: ${other.item.text}.`, steps };
  return { right: true, why: "The answer has the number.", steps };
}

const read = (text: string): Reading => readText(text, likelyGrammars(text)[0] ?? grammars[0]!);

const amountsIn = ({ items }: Reading): { item: Item; amount: Amount }[] =>
  items.flatMap((item) =>
    item.figure?.kind === "number" && (!item.figure.weak || items.length === 1)
      ? [{ item, amount: item.figure }]
      : [],
  );

function isBesideOr({ items, lexicon }: Reading, item: Item): boolean {
  const at = items.indexOf(item);
  return [items[at - 1], items[at + 1]].some(
    (beside) => beside !== undefined && (beside.text === "/" || lexicon.or.has(beside.folded)),
  );
}

const wrongGold = (message: string, next: string): LoragError =>
  new LoragError({
    code: "LORAG_GRADING",
    kind: "data",
    message: `${message}, so it cannot be graded as a number.`,
    next,
  });
