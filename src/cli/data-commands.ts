import { InvalidArgumentError, type Command } from "commander";
import type { Session } from "./session.ts";

/** Makes of a command's function what commander calls. */
export type RunCommand = <Args extends unknown[]>(
  command: (session: Session, ...args: Args) => Promise<unknown>,
) => (...args: [...Args, Command]) => Promise<void>;

const wholeNumber = (value: string): number => {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(value);
};
const amount = (value: string): number => {
  if (!/^\d+(?:\.\d+)?$/.test(value)) throw new InvalidArgumentError("It must be a number from 0.");
  return Number(value);
};
const collect = (value: string, before: string[]): string[] => [...before, value];

/** `lorag data ...`: what is done with examples before anything is trained on them. */
export function addDataCommands(program: Command, run: RunCommand): void {
  const data = program
    .command("data")
    .description("look at examples, clean, split and make them; `lorag data check --help`")
    .helpCommand(false);

  data
    .command("check")
    .description("say what is wrong with the examples; changes nothing")
    .argument("[files...]", "files of examples, instead of those of lorag.yaml")
    .option(
      "--held-out <file>",
      "a file of held-out questions, to look for leaks; may be given again",
      collect,
      [],
    )
    .option("--names <file>", "names that are personal data, one a line")
    .addHelpText(
      "after",
      "\nExamples:\n  $ lorag data check\n  $ lorag data check train.csv --held-out test.csv\n",
    )
    .action(
      run(async (session, files: string[], options: { heldOut: string[]; names?: string }) =>
        (await import("./commands/data-check.ts")).dataCheckCommand(session, files, options),
      ),
    );

  data
    .command("show")
    .description(
      "one example as it is trained on: prompt, trained tokens, documents; without a name, what is left out and why",
    )
    .argument("[example]", "its id, or the number of its line")
    .addHelpText("after", "\nExamples:\n  $ lorag data show\n  $ lorag data show examples:12\n")
    .action(
      run(async (session, name: string | undefined) =>
        (await import("./commands/data-show.ts")).dataShowCommand(session, name),
      ),
    );

  data
    .command("split")
    .description("split the examples as lorag.yaml says, and freeze that in a file")
    .addHelpText("after", "\nExample:\n  $ lorag data split\n")
    .action(run(async (session) => (await import("./commands/data-split.ts")).dataSplitCommand(session)));

  data
    .command("generate")
    .description(
      "make examples with the base model from the documents; kept are those that the search and the text bear out",
    )
    .requiredOption("--out <file>", "file to write, as JSONL")
    .option("--count <n>", "examples wanted", wholeNumber, 100)
    .option("--paraphrase", "the training questions in other words, instead of new ones")
    .option("--raft", "write prompts with passages, as `raft` in lorag.yaml says")
    .option("--budget <amount>", "most to pay, in the currency of `prices`", amount)
    .addHelpText(
      "after",
      "\nWhat it may cost is told first. A run that was cut off goes on where it was.\n\nExample:\n  $ lorag data generate --count 200 --out made.jsonl\n",
    )
    .action(
      run(
        async (
          session,
          options: { out: string; count: number; paraphrase?: boolean; raft?: boolean; budget?: number },
        ) => (await import("./commands/data-generate.ts")).dataGenerateCommand(session, options),
      ),
    );

  data
    .command("clean")
    .description("write a new file of examples without what a check found, and a log of every change")
    .argument("[files...]", "files of examples, instead of those of lorag.yaml")
    .requiredOption("--out <file>", "file to write, as JSONL; the log goes beside it")
    .option("--drop <checks>", "checks whose examples go, with commas between; copies,near-copies by default")
    .option("--mask", "mask personal data")
    .option("--html", "take HTML tags and entities out")
    .option("--held-out <file>", "a file of held-out questions, for leaks; may be given again", collect, [])
    .option("--names <file>", "names that are personal data, one a line")
    .addHelpText(
      "after",
      "\nExample:\n  $ lorag data clean raw.jsonl --out examples.jsonl --mask --drop copies,near-copies,conflicts\n",
    )
    .action(
      run(
        async (
          session,
          files: string[],
          options: {
            out: string;
            drop?: string;
            mask?: boolean;
            html?: boolean;
            heldOut: string[];
            names?: string;
          },
        ) => (await import("./commands/data-clean.ts")).dataCleanCommand(session, files, options),
      ),
    );
}
