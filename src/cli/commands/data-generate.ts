import { generateData } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

interface Options {
  out: string;
  count: number;
  paraphrase?: boolean;
  raft?: boolean;
  budget?: number;
}

export async function dataGenerateCommand(
  session: Session,
  { paraphrase = false, raft = false, out, count, budget }: Options,
): Promise<unknown> {
  const made = await generateData(await session.open(), {
    kind: paraphrase ? "paraphrases" : "questions",
    out,
    count,
    raft,
    budget,
    onPlan: ({ questions, promptTokens, completionTokens, cost, currency, done }) => {
      const price =
        cost === null
          ? "no price per token, so the time of this machine"
          : `at most ${cost.toFixed(2)} ${currency}`;
      session.note(
        `At most ${questions} questions to the model${done > 0 ? ` after ${done} of before` : ""}: ${promptTokens} tokens in and ${completionTokens} out; ${price}.`,
      );
    },
  });
  session.print(`${made.kept} examples kept of ${made.asked} asked for.\n`);
  for (const [reason, times] of Object.entries(made.dropped))
    session.print(`  dropped ${times}: ${reason}\n`);
  session.print(`Written: ${made.file}\n`);
  return made;
}
