import { Command, Option } from "commander";
import type { CompareOptions } from "./commands/compare.ts";
import type { ServeOptions } from "./commands/serve.ts";
import type { UiOptions } from "./commands/ui.ts";
import { addGradeCommand } from "./grade-command.ts";
import { addDataCommands, type RunCommand } from "./data-commands.ts";
import { addServingCommands } from "./serving-commands.ts";
import { addTuningCommands, wholeNumber } from "./tuning-commands.ts";
import { exit, runCommand, type CommonOptions, type Session } from "./session.ts";
import { version } from "./version.ts";

/** The command line: names, options and help. What a command does is in commands/, loaded when it is called. */
export function createProgram(): Command {
  const program = new Command("lorag")
    .description("Fine-tune, retrieve, both or neither? lorag answers with evidence from your own questions.")
    .version(version, "-V, --version", "print the version")
    .option("-p, --project <dir>", "folder with the lorag.yaml", ".")
    .option("--json", "one JSON document on stdout and nothing else there")
    .option("-q, --quiet", "no progress and no notes on stderr")
    .helpOption("-h, --help", "explain a command")
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText(
      "after",
      `
Start here:
  $ lorag init my-project         a small project to look at and change
  $ lorag compare -p my-project   train, retrieve, ask, and say which wins
  $ lorag ask -p my-project "When does the library open?"

Pages: lorag help config, lorag help exit-codes
`,
    );

  const run: RunCommand =
    <Args extends unknown[]>(command: (session: Session, ...args: Args) => Promise<unknown>) =>
    async (...args: [...Args, Command]): Promise<void> => {
      const { project, json = false, quiet = false } = program.opts<Partial<CommonOptions>>();
      await runCommand({ project: project ?? ".", json, quiet }, (session) =>
        command(session, ...(args as unknown as Args)),
      );
    };

  program
    .command("init")
    .description("make a small project: documents, examples and a commented lorag.yaml")
    .argument("[dir]", "folder to make, as --project; nothing in it is overwritten")
    .addHelpText("after", "\nExample:\n  $ lorag init my-project\n")
    .action(
      run(async (session, dir: string | undefined) => {
        const isNamed = program.getOptionValueSource("project") === "cli";
        const folders = { ...(dir && { dir }), ...(isNamed && { project: session.options.project }) };
        return (await import("./commands/init.ts")).initCommand(session, folders);
      }),
    );

  program
    .command("index")
    .description("read the documents and index their passages; unchanged documents cost nothing")
    .option("--strict", "fail on a document that cannot be read, instead of skipping it")
    .option("--watch", "go on until Ctrl-C, and index again whenever a document is saved")
    .addHelpText(
      "after",
      "\nExamples:\n  $ lorag index\n  $ lorag index --strict --json\n  $ lorag index --watch\n",
    )
    .action(
      run(async (session, options: { strict?: boolean; watch?: boolean }) =>
        (await import("./commands/index.ts")).indexCommand(session, options),
      ),
    );

  program
    .command("documents")
    .description("show what is made of documents: their text, the passages, and what was left out")
    .argument(
      "[file...]",
      "files to look at, in a project or without one; without any, the project's documents",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ lorag documents\n  $ lorag documents handbook.pdf fares.xlsx --json\n",
    )
    .action(
      run(async (session, files: string[]) =>
        (await import("./commands/documents.ts")).documentsCommand(session, files),
      ),
    );

  addTuningCommands(program, run);

  program
    .command("compare")
    .description("run every arm on the same held-out questions and say which wins, and how sure that is")
    .option("--curve", "train on an eighth, a quarter and half of the examples too: how many does it take?")
    .option("--strict", "fail on a document that cannot be read, instead of skipping it")
    .option(
      "--arms <names>",
      "only these, parted by commas: arms of lorag.yaml, or presets that it does not list",
    )
    .option(
      "--record <folder>",
      "keep what happens as it happens in events.jsonl there, and results.json in the end",
    )
    .addHelpText(
      "after",
      `
Indexes and trains what is missing first. What is unchanged since the last run is used again. Writes report.html,
report.md and results.json.

Examples:
  $ lorag compare
  $ lorag compare --project examples/tidewater --json > summary.json
`,
    )
    .action(
      run(async (session, options: CompareOptions) =>
        (await import("./commands/compare.ts")).compareCommand(session, options),
      ),
    );

  program
    .command("ask")
    .description("answer one question, with citations")
    .argument("<question...>", "in quotes, which keep `?` and `'` from the shell")
    .option("--arm <name>", "who answers; `best` is the choice of the last comparison", "best")
    .addHelpText("after", '\nExample:\n  $ lorag ask "What does a dog pay on the night ferry?" --arm rag\n')
    .action(
      run(async (session, words: string[], options: { arm: string }) =>
        (await import("./commands/ask.ts")).askCommand(session, words.join(" "), options),
      ),
    );

  addDataCommands(program, run);
  addGradeCommand(program, run);

  program
    .command("graph")
    .description("show what joins the passages: entities, and the passages that mention them")
    .option("--around <entity>", "one entity, the passages that mention it, and what else those mention")
    .option("--export <file>", "write the graph to a file, by its name GraphML (.graphml) or JSON (.json)")
    .addHelpText(
      "after",
      `
Brings the index up to date first. No language model is asked.

Examples:
  $ lorag graph
  $ lorag graph --around "Gull Pass" --export gull-pass.graphml
`,
    )
    .action(
      run(async (session, options: { around?: string; export?: string }) =>
        (await import("./commands/graph.ts")).graphCommand(session, options),
      ),
    );

  program
    .command("serve")
    .description("answer over HTTP as OpenAI's API does: the base model, the adapters and the arms")
    .option("--port <number>", "0 chooses a free one", "8321")
    .option("--host <address>", "any but this machine's own needs a key and TLS", "127.0.0.1")
    .option("--api-key-env <name>", "environment variable that holds the key which clients must send")
    .option("--allow-host <name>", "a further name that clients call this server by", collect)
    .option("--tls-cert <file>", "certificate, PEM: serves HTTPS")
    .option("--tls-key <file>", "its key, PEM")
    .option(
      "--plain-http",
      "serve another address than this machine's own with a key but without TLS, as behind a proxy",
    )
    .option("--insecure", "serve another address than this machine's own without a key and without TLS")
    .option(
      "--adapters <folder>",
      "folder of further LoRA adapters, each in a folder of its name (default: adapters in the project's folder)",
    )
    .option("--allow-adapter-loading", "let clients take those into memory and out of it")
    .addHelpText(
      "after",
      `
Models are named PROJECT:ARM, and PROJECT:auto for the choice of the last comparison; GET /v1/models lists them.

Example:
  $ lorag serve -p examples/tidewater
  $ curl http://127.0.0.1:8321/v1/chat/completions -H "Content-Type: application/json" \\
      -d '{"model": "tidewater:auto", "messages": [{"role": "user", "content": "What does a dog pay?"}]}'
`,
    )
    .action(
      run(async (session, options: ServeOptions) =>
        (await import("./commands/serve.ts")).serveCommand(session, options),
      ),
    );

  program
    .command("mcp")
    .description("serve the Model Context Protocol on stdin and stdout: search, ask, list")
    .addHelpText(
      "after",
      `
A client starts it by itself. In its settings:
  {"command": "lorag", "args": ["mcp", "--project", "/path/to/project"]}
`,
    )
    .action(run(async (session) => (await import("./commands/mcp.ts")).mcpCommand(session)));

  addServingCommands(program, run);
  const keys = program.command("keys").description("who may ask the server: keys, kept as their hashes");
  keys
    .command("add")
    .description("make a key and print it, this once")
    .argument("<name>", "what it uploads and makes is kept under this name")
    .option(
      "--only <model>",
      "a model or vector store that it may use, or `support:*`; all by default",
      collect,
    )
    .option("--at-once <number>", "most requests of it that are under way or wait", wholeNumber)
    .action(
      run(async (session, name: string, options: { only?: string[]; atOnce?: number }) =>
        (await import("./commands/keys.ts")).addKey(session, name, options),
      ),
    );
  keys
    .command("list")
    .description("the keys' names")
    .action(run(async (session) => (await import("./commands/keys.ts")).listKeys(session)));
  keys
    .command("revoke")
    .description("let a key in no more, from the next request on")
    .argument("<name>")
    .action(
      run(async (session, name: string) => (await import("./commands/keys.ts")).revokeKey(session, name)),
    );

  program
    .command("ui")
    .description("open a page on this machine: documents, runs, the verdict, a chat, all without a terminal")
    .option("--port <number>", "0 chooses a free one", "8322")
    .option("--no-open", "print the link, and open no browser")
    .addHelpText(
      "after",
      `
--project is a project, or a folder that holds projects and new ones. The page is reached from this machine alone.

Example:
  $ lorag ui -p my-project
`,
    )
    .action(
      run(async (session, options: UiOptions) =>
        (await import("./commands/ui.ts")).uiCommand(session, options),
      ),
    );

  program
    .command("glossary")
    .description("check a glossary file, and find its terms in a text")
    .argument("<file>", "CSV, TSV, XLSX, TBX, TMX or FreeDict's TEI")
    .option("--find <text>", "say which of its terms a text holds, and where")
    .option("--source <language>", "language of the terms, where the file holds several")
    .option("--target <language>", "language of the translations, where the file holds several")
    .addHelpText(
      "after",
      `
Tells duplicates, conflicts, circles and entries that say nothing. Needs no project.

Example:
  $ lorag glossary terms.csv --find "Show your Gull Pass on the bow ramp."
`,
    )
    .action(
      run(async (session, file: string, options: { find?: string; source?: string; target?: string }) =>
        (await import("./commands/glossary.ts")).glossaryCommand(session, file, options),
      ),
    );

  program
    .command("doctor")
    .description("check that this machine and this project are ready")
    .option("--fit", "measure how fast the project's models answer and train here, and whether they fit")
    .addOption(
      new Option("--setup <what>", "install what is wanted for `training.backend: trl`").choices(["trl"]),
    )
    .addHelpText("after", "\nExample:\n  $ lorag doctor --json\n")
    .action(
      run(async (session, options: { fit?: boolean; setup?: "trl" }) =>
        (await import("./commands/doctor.ts")).doctorCommand(session, options),
      ),
    );

  program
    .command("help")
    .description("explain a command, or print a page: config, exit-codes")
    .argument("[topic]")
    .action(async (topic?: string) => {
      const { helpPage } = await import("./help-pages.ts");
      const page = helpPage(topic);
      if (page === undefined) {
        return (program.commands.find((command) => command.name() === topic) ?? program).help();
      }
      process.stdout.write(page);
      await exit(0);
    });
  return program;
}

/** Options that may be given again and again. */
const collect = (value: string, before: string[] = []): string[] => [...before, value];
