import { Option, type Command } from "commander";
import { gradingModes } from "../contracts/index.ts";
import type { GradeFlags } from "./commands/grade.ts";
import type { RunCommand } from "./data-commands.ts";

/** `lorag grade`, with its many options. */
export function addGradeCommand(program: Command, run: RunCommand): void {
  program
    .command("grade")
    .description("say whether an answer is right by a gold, and why; only a judge needs a project")
    .argument("[gold]", "the answer that is right")
    .argument("[answer]", "the answer to grade")
    .option(
      "--file <jsonl>",
      "grade each line: {gold, answer} with `grading`, `labels`, `tolerance`, `unit`, `accept`, `question`",
    )
    .addOption(new Option("--grading <mode>", "how").choices(gradingModes).default("auto"))
    .option("--question <text>", "what was asked: what it says already need not be said again, for `auto`")
    .option("--labels <list>", "all labels there are, parted by commas, for `label`")
    .option("--tolerance <amount>", "how far off may be right, as `2` or `5%`, for `number`")
    .option("--unit <unit>", "what a figure without a unit is in, for `number`")
    .option("--model <name>", "the judge, for `judge`: one of the project's `models`, or a model's own name")
    .option(
      "--accept <gold>",
      "another gold that is right as well; may be given again",
      (gold: string, all: string[] = []) => [...all, gold],
    )
    // A gold may begin with a minus.
    .allowUnknownOption()
    .addHelpText(
      "after",
      '\nExamples:\n  $ lorag grade "5 km" "It is 5000 m."\n  $ lorag grade --file pairs.jsonl --json\n',
    )
    .action(
      run(async (session, gold: string | undefined, answer: string | undefined, options: GradeFlags) =>
        (await import("./commands/grade.ts")).gradeCommand(session, gold, answer, options),
      ),
    );
}
