import { InvalidArgumentError, Option, type Command } from "commander";
import type { RunCommand } from "./data-commands.ts";

export const wholeNumber = (value: string): number => {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(value);
};
const positive = (value: string): number => {
  if (!(Number(value) > 0)) throw new InvalidArgumentError("It must be a number above 0.");
  return Number(value);
};

/** As `exportKinds` of the pipeline has them, which is not loaded for a help page. */
const kinds = ["peft", "merged", "gguf", "gguf-adapter", "ollama"] as const;
const types = { f32: "F32", f16: "F16", q8_0: "Q8_0" } as const;

interface ExportFlags {
  as: (typeof kinds)[number];
  out: string;
  type: keyof typeof types;
  examples: number;
  threshold?: number;
}

/** `lorag train` and what is done with trained models. */
export function addTuningCommands(program: Command, run: RunCommand): void {
  program
    .command("train")
    .description("train an adapter; a run that was cut off goes on where it stopped")
    .argument("[arm]", "`tuned` learns the answers, `tuned-rag` to answer from passages, or one of your own")
    .option("--plan", "say what time, memory and money it will take, from a few passes, and train nothing")
    .addHelpText(
      "after",
      "\nWithout an arm, all that lorag.yaml lists are trained.\n\nExamples:\n  $ lorag train tuned-rag\n  $ lorag train --plan\n",
    )
    .action(
      run(async (session, arm: string | undefined, options: { plan?: boolean }) =>
        (await import("./commands/train.ts")).trainCommand(session, arm, options),
      ),
    );

  program
    .command("tune")
    .description("search for the settings that an arm is best trained with, by successive halving")
    .argument("[arm]", "a tuned arm", "tuned")
    .option("--trials <n>", "most settings that are tried", wholeNumber, 27)
    .option("--hours <x>", "no trial goes on once so many hours have been trained", positive)
    .option("--cost <x>", "the same in money, by `prices.cpu_hour`", positive)
    .addHelpText(
      "after",
      `
Learning rate, rank, alpha, dropout and epochs are drawn at random; of all trials a third goes on after a ninth of its
training, and of those a third after a third, by the loss on the validation examples. A search that was cut off goes on
where it was. Writes a page with all trials, and prints the best as an entry of \`arms\`.

Example:
  $ lorag tune tuned --hours 2
`,
    )
    .action(
      run(async (session, arm: string, options: { trials: number; hours?: number; cost?: number }) =>
        (await import("./commands/tune.ts")).tuneCommand(session, arm, options),
      ),
    );

  program
    .command("export")
    .description("write a tuned model for other programs, and check that they get the same model")
    .argument("<arm>", "a tuned arm; it is trained first where it is not yet")
    .requiredOption("--out <dir>", "folder to write; not there yet, empty, or an earlier export")
    .addOption(
      new Option(
        "--as <kind>",
        "peft: an adapter; merged: safetensors for transformers; gguf, gguf-adapter: for llama.cpp; ollama: GGUF and Modelfile",
      )
        .choices(kinds)
        .default("merged"),
    )
    .addOption(
      new Option("--type <type>", "numbers of a GGUF file").choices(Object.keys(types)).default("f16"),
    )
    .option("--examples <n>", "validation examples that it is checked on, at most", wholeNumber, 20)
    .option("--threshold <x>", "largest difference in log-probability that passes", positive)
    .addHelpText(
      "after",
      `
What was written is opened again and compared with the arm's own model on validation examples; where it differs by more
than the threshold (0.001 in float32, 0.05 in F16, 1 in Q8_0), nothing is kept.

Examples:
  $ lorag export tuned --out my-model
  $ lorag export tuned-rag --as ollama --type q8_0 --out my-ollama
`,
    )
    .action(
      run(async (session, arm: string, flags: ExportFlags) => {
        const { as: kind, type, ...rest } = flags;
        const { exportCommand } = await import("./commands/export.ts");
        return exportCommand(session, arm, { ...rest, kind, type: types[type] });
      }),
    );

  program
    .command("import")
    .description("bring in a LoRA adapter that PEFT trained elsewhere, as an arm of its own")
    .argument("<folder>", "with adapter_config.json and adapter_model.safetensors")
    .requiredOption("--name <name>", "name of the arm")
    .option("--any-base", "take it though its configuration names another base model than this project's")
    .addHelpText(
      "after",
      `
Refused is what does not fit the base model to the last tensor. It is then asked validation examples in two ways, beside the
base and merged into it, which must agree, and must not be the bare base.

Example:
  $ lorag import ~/downloads/my-adapter --name theirs
`,
    )
    .action(
      run(async (session, folder: string, options: { name: string; anyBase?: boolean }) =>
        (await import("./commands/import.ts")).importCommand(session, folder, options),
      ),
    );
}
