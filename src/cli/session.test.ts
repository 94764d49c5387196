import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exampleLine, lorag, makeProject } from "../../test/lorag.case.ts";

/** One example is there twice, of which it warns; nothing is held out, for which it fails. */
const folder = makeProject({
  "lorag.yaml": "test_set_size: 0\n",
  "examples.jsonl": ["a", "b", "c", "d", "e", "e"]
    .map((name) => exampleLine(`What is ${name}?`, `It is ${name}.`))
    .join(""),
});
const repeated = /warning: 1 of 6 examples of examples\.jsonl repeats another one .*\n/;

test("a command that fails has told its warnings, each once and before the error", async () => {
  const { stdout, stderr } = await lorag(["compare", "--project", folder]);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    new RegExp(`${repeated.source}(warning: .*\\n)*error: .*\\n.*\\n\\[LORAG_NOTHING_HELD_OUT\\]`),
  );
  expect(stderr.match(new RegExp(repeated, "g"))).toHaveLength(1);
});

test("with --json they are beside the error, and --quiet leaves them out", async () => {
  const json = await lorag(["compare", "--json", "--project", folder]);
  const document = JSON.parse(json.stdout);
  expect(document.error).toMatchObject({ code: "LORAG_NOTHING_HELD_OUT" });
  expect(document.warnings).toContainEqual(expect.objectContaining({ code: "LORAG_REPEATED_EXAMPLES" }));
  expect(json.stderr).not.toContain("warning:");
  const quiet = await lorag(["compare", "--quiet", "--project", folder]);
  expect(quiet.stderr).toMatch(/^error: /);
});

test("a second Ctrl-C ends the command at once, and its workers with it", async () => {
  const address = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { runCommand } from ${address("./session.ts")};
    import { startWorker } from ${address("../platform/worker.ts")};
    const worker = startWorker(new URL(${address("../platform/echo-worker.case.ts")}));
    await runCommand({ project: ".", json: false, quiet: false }, async () => {
      await worker.call("pid", []);
      const blocked = worker.call("block", [60_000]);
      process.kill(0, "SIGINT");
      return blocked;
    });`;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  // A group of its own: a terminal signals every process of it.
  const run = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd,
    detached: true,
  });
  let said = "";
  run.stderr.on("data", (text: Buffer) => {
    said += text;
    if (said.endsWith("at once.\n")) process.kill(-run.pid!, "SIGINT");
  });
  // The workers hold the same pipe: it closes when they have ended.
  expect(await new Promise((resolve) => run.once("close", resolve))).toBe(130);
  expect(said).toBe("Stopping; what is finished is kept. Ctrl-C again stops at once.\n");
});
