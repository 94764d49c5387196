import { InvalidArgumentError, type Command } from "commander";
import type { AdaptersOptions } from "./commands/adapters.ts";
import type { RunCommand } from "./data-commands.ts";

const percent = (value: string): number => {
  if (!(Number(value) > 0 && Number(value) <= 100)) {
    throw new InvalidArgumentError("It must be a share in percent, above 0 and at most 100.");
  }
  return Number(value);
};

const folder = [
  "--adapters <folder>",
  "the folder that the server is given (default: adapters in the project's folder)",
] as const;

/** `lorag adapters`: which versions the server gives out. */
export function addServingCommands(program: Command, run: RunCommand): void {
  const adapters = program
    .command("adapters")
    .description("which version of an adapter the server gives out as NAME:latest");
  adapters
    .command("list")
    .description("what is in the folder, and what each NAME:latest stands for")
    .option(...folder)
    .action(
      run(async (session, options: AdaptersOptions) =>
        (await import("./commands/adapters.ts")).listAdapters(session, options),
      ),
    );
  adapters
    .command("release")
    .description("make a version NAME:latest, from the next request on; a server that runs goes on")
    .argument("<name>")
    .argument("<version>")
    .option(...folder)
    .option("--canary <percent>", "only for this share of the requests, to see how it does", percent)
    .addHelpText("after", "\nExample:\n  $ lorag adapters release support 4 --canary 5\n")
    .action(
      run(async (session, name: string, version: string, options: AdaptersOptions & { canary?: number }) =>
        (await import("./commands/adapters.ts")).releaseAdapter(session, name, version, options),
      ),
    );
  adapters
    .command("rollback")
    .description("take a canary back, or NAME:latest to what it was before")
    .argument("<name>")
    .option(...folder)
    .action(
      run(async (session, name: string, options: AdaptersOptions) =>
        (await import("./commands/adapters.ts")).rollBackAdapter(session, name, options),
      ),
    );
}
