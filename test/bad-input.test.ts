import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { canMount, onSmallDisk } from "../src/platform/faults.case.ts";
import { exampleLine, lorag, makeProject, startLorag, type RunOptions } from "./lorag.case.ts";

/**
 * Bad input, through the real command line: the exit code, a stable error code, the offending file, line or value, the
 * next step, and nothing written. Where the faults of a single room are provoked:
 *   documents (empty, binary, truncated, encrypted, mislabelled, encodings)  src/documents/*.test.ts
 *   corrupt safetensors and GGUF, 200 mutations each                         src/formats/*.test.ts
 *   interrupted download, wrong hash, disk full, stale lock                  src/platform/*.test.ts, src/models/hub
 *   examples longer than the context, NaN loss, kill -9 in training          src/training/*.test.ts
 */
interface Case {
  name: string;
  files?: Record<string, string | Uint8Array>;
  args: string[];
  options?: RunOptions;
  exit: number;
  code: string;
  says: string[];
}

const good = ["What is a?", "What is b?", "What is c?", "What is d?", "What is e?"];
const examples = good.map((question, index) => exampleLine(question, `It is ${index}.`)).join("");
const page = { "documents/page.md": "# Page\n\nIt is 3.\n" };
const emptyCache = { LORAG_HOME: makeProject({}), HF_HUB_OFFLINE: "1" };

const cases: Case[] = [
  {
    name: "no project",
    args: ["compare"],
    exit: 66,
    code: "LORAG_NO_PROJECT",
    says: ["lorag.yaml", "lorag init"],
  },
  {
    name: "unknown config key",
    files: { "lorag.yaml": "seed: 1\nlora_rank: 8\n" },
    args: ["compare"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["lorag.yaml:2:1", "`lora_rank`", "`lora_r`"],
  },
  {
    name: "config value of the wrong kind",
    files: { "lorag.yaml": "\nnum_epochs: three\n" },
    args: ["train"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["lorag.yaml:2:13", "three"],
  },
  {
    name: "binary config",
    files: { "lorag.yaml": Uint8Array.of(0xff, 0xfe, 0x00, 0x01) },
    args: ["compare"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["lorag.yaml", "UTF-8"],
  },
  {
    name: "malformed JSONL line",
    files: { "lorag.yaml": "", "examples.jsonl": `${examples}{"prompt": "x",\n` },
    args: ["compare"],
    exit: 65,
    code: "LORAG_EXAMPLES_INVALID",
    says: ["examples.jsonl", "line 6"],
  },
  {
    name: "examples whose UTF-8 is damaged",
    files: {
      "lorag.yaml": "",
      "examples.jsonl": Buffer.concat([
        Buffer.from(`${examples}{"prompt":"Là où`),
        Buffer.from([0xf9, 0x0a]),
      ]),
    },
    args: ["compare"],
    exit: 65,
    code: "LORAG_NOT_UTF8",
    says: ["examples.jsonl", "line 6", "0xF9", `offset ${Buffer.byteLength(`${examples}{"prompt":"Là où`)} `],
  },
  {
    name: "example without an answer",
    files: { "lorag.yaml": "", "examples.jsonl": `${examples}{"prompt": "And f?"}\n` },
    args: ["compare"],
    exit: 65,
    code: "LORAG_EXAMPLES_INVALID",
    says: ["line 6", "no answer"],
  },
  {
    name: "no examples",
    files: { "lorag.yaml": "", "examples.jsonl": "\n" },
    args: ["compare"],
    exit: 65,
    code: "LORAG_EXAMPLES_EMPTY",
    says: ["examples.jsonl"],
  },
  {
    name: "no examples file",
    files: { "lorag.yaml": "" },
    args: ["compare"],
    exit: 66,
    code: "LORAG_NOT_FOUND",
    says: ["examples.jsonl"],
  },
  {
    name: "all answers the same",
    files: {
      "lorag.yaml": "",
      "examples.jsonl": good.map((question) => exampleLine(question, "Yes.")).join(""),
    },
    args: ["train", "tuned"],
    exit: 65,
    code: "LORAG_ONE_CLASS",
    says: ["Yes."],
  },
  {
    name: "held-out question asked in training",
    files: {
      "lorag.yaml": "test_datasets: [{ path: heldout.jsonl }]\n",
      "examples.jsonl": examples,
      "heldout.jsonl": exampleLine("What is c?", "It is 2."),
    },
    args: ["compare"],
    exit: 65,
    code: "LORAG_LEAK",
    says: ["What is c?", "heldout.jsonl"],
  },
  {
    name: "the same id in two files",
    files: {
      "lorag.yaml": "datasets: [{ path: examples.jsonl }, { path: more/examples.jsonl }]\n",
      "examples.jsonl": examples,
      "more/examples.jsonl": exampleLine("What is z?", "It is 9."),
    },
    args: ["compare"],
    exit: 65,
    code: "LORAG_EXAMPLES_INVALID",
    says: ["examples:1", "in examples.jsonl and", "more/examples.jsonl", "metadata.id"],
  },
  {
    name: "the same file twice",
    files: { "lorag.yaml": "datasets: [{ path: examples.jsonl }, { path: ./more/../examples.jsonl }]\n" },
    args: ["train", "tuned"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["examples.jsonl", "more than once", "datasets"],
  },
  {
    name: "the same file to train and to compare on",
    files: { "lorag.yaml": "test_datasets: [{ path: ./examples.jsonl }]\n" },
    args: ["compare"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["examples.jsonl", "test_datasets"],
  },
  {
    name: "more held out than there is",
    files: { "lorag.yaml": "test_set_size: 9\n", "examples.jsonl": examples },
    args: ["compare"],
    exit: 78,
    code: "LORAG_SPLIT",
    says: ["test_set_size 9", "5 examples"],
  },
  {
    name: "one example in all",
    files: { "lorag.yaml": "", "examples.jsonl": exampleLine("What is a?", "It is 0.") },
    args: ["compare"],
    exit: 65,
    code: "LORAG_TOO_FEW_EXAMPLES",
    says: ["1 example ", "test_set_size", "Add examples", "test_datasets"],
  },
  {
    name: "more kept for validation than there is",
    files: { "lorag.yaml": "val_set_size: 9\n", "examples.jsonl": examples },
    args: ["train", "tuned"],
    exit: 78,
    code: "LORAG_SPLIT",
    says: ["val_set_size 9", "4 examples"],
  },
  {
    name: "nothing held out to compare on",
    files: { "lorag.yaml": "test_set_size: 0\n", "examples.jsonl": examples, ...page },
    args: ["compare"],
    exit: 78,
    code: "LORAG_NOTHING_HELD_OUT",
    says: ["test_set_size 0", "5 examples of examples.jsonl", "test_datasets"],
  },
  {
    name: "no arm to train",
    files: { "lorag.yaml": "arms: [base, rag]\n", "examples.jsonl": examples },
    args: ["train"],
    exit: 78,
    code: "LORAG_NOTHING_TO_TRAIN",
    says: ["base and rag", "tuned-rag", "lorag train tuned"],
  },
  {
    name: "no documents folder",
    files: { "lorag.yaml": "documents: papers\n", "examples.jsonl": examples },
    args: ["index"],
    exit: 66,
    code: "LORAG_NOT_FOUND",
    says: ["papers"],
  },
  {
    name: "a documents folder whose name is too long",
    files: { "lorag.yaml": `documents: ${"x".repeat(300)}\n`, "examples.jsonl": examples },
    args: ["compare"],
    exit: 66,
    code: "LORAG_NAME_TOO_LONG",
    says: ["xxx", "longer", "shorter"],
  },
  {
    name: "nothing readable among the documents",
    files: { "lorag.yaml": "", "documents/empty.md": "", "documents/noise.pdf": "%PDF-1.7 cut off" },
    args: ["index"],
    exit: 65,
    code: "LORAG_NO_DOCUMENTS",
    says: ["empty.md", "noise.pdf"],
  },
  {
    name: "a bad document with --strict",
    files: { "lorag.yaml": "", ...page, "documents/empty.md": "" },
    args: ["index", "--strict"],
    exit: 65,
    code: "LORAG_SKIPPED_DOCUMENTS",
    says: ["empty.md"],
  },
  {
    name: "unknown model",
    files: { "lorag.yaml": "embedding_model: no-such-model\n", ...page },
    args: ["index"],
    exit: 2,
    code: "LORAG_MODEL_UNKNOWN",
    says: ["no-such-model"],
  },
  {
    name: "model path with nothing there",
    files: { "lorag.yaml": "base_model: ./models/mine\n", "examples.jsonl": examples },
    args: ["train", "tuned"],
    exit: 66,
    code: "LORAG_MODEL_NOT_FOUND",
    says: ["models/mine"],
  },
  ...["train", "compare"].map((command) => ({
    name: `a model that is not there is told before the documents are read: ${command}`,
    files: { "lorag.yaml": "base_model: ./models/mine\n", "examples.jsonl": examples },
    args: [command],
    exit: 66,
    code: "LORAG_MODEL_NOT_FOUND",
    says: ["models/mine"],
  })),
  ...["train", "compare"].map((command) => ({
    name: `${command}: unfetchable model before documents`,
    files: { "lorag.yaml": "base_model: HuggingFaceTB/SmolLM2-999M\n", "examples.jsonl": examples },
    args: [command],
    options: { env: emptyCache },
    exit: 69,
    code: "LORAG_UNREACHABLE",
    says: ["SmolLM2-999M"],
  })),
  {
    name: "an embedding model without its configuration, before the documents are read",
    files: { "lorag.yaml": "embedding_model: ./mine\n", "mine/model.safetensors": "" },
    args: ["index"],
    exit: 65,
    code: "LORAG_MODEL_FORMAT",
    says: ["mine", "config.json"],
  },
  {
    name: "corrupt GGUF",
    files: {
      "lorag.yaml": "base_model: ./model.gguf\n",
      "examples.jsonl": examples,
      "model.gguf": "GGUF\x03\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff",
    },
    args: ["train", "tuned"],
    exit: 65,
    code: "LORAG_GGUF_CORRUPT",
    says: ["model.gguf"],
  },
  {
    name: "no Python for the PyPI fallback",
    files: { "lorag.yaml": "", ...page },
    args: ["index"],
    options: { env: { ...emptyCache, PATH: "/nowhere" } },
    exit: 69,
    code: "LORAG_PYTHON_MISSING",
    says: ["Python", "PyPI"],
  },
  {
    name: "ask before anything is trained",
    files: { "lorag.yaml": "" },
    args: ["ask", "What is a?", "--arm", "tuned"],
    exit: 66,
    code: "LORAG_NOT_TRAINED",
    says: ["lorag train tuned"],
  },
  ...["", " \t"].map((question) => ({
    name: `a question of ${question.length} blanks`,
    files: { "lorag.yaml": "" },
    args: ["ask", question],
    exit: 2,
    code: "LORAG_USAGE",
    says: ["question is empty", "lorag ask"],
  })),
  {
    name: "ask before anything is indexed",
    files: { "lorag.yaml": "" },
    args: ["ask", "What is a?"],
    exit: 66,
    code: "LORAG_NOT_INDEXED",
    says: ["lorag index"],
  },
  {
    name: "init over a project",
    files: { "lorag.yaml": "" },
    args: ["init", "."],
    exit: 2,
    code: "LORAG_EXISTS",
    says: ["lorag.yaml"],
  },
  {
    name: "unknown command",
    args: ["comapre"],
    exit: 2,
    code: "LORAG_USAGE",
    says: ["comapre", "compare"],
  },
  {
    name: "unknown arm",
    files: { "lorag.yaml": "" },
    args: ["ask", "What?", "--arm", "graph"],
    exit: 2,
    code: "LORAG_UNKNOWN_ARM",
    says: ['"graph"', "graph-rag"],
  },
  {
    name: "two arms of one name",
    files: { "lorag.yaml": "arms: [rag, { name: rag, preset: quote }]\n" },
    args: ["compare"],
    exit: 78,
    code: "LORAG_CONFIG",
    says: ["lorag.yaml:1:21", "listed a second time"],
  },
];

describe.concurrent("bad input", () => {
  test.for(cases)(
    "$name: $code",
    { timeout: 300_000 },
    async ({ files = {}, args, options, exit, code, says }) => {
      const folder = makeProject(files);
      const project = args[0] === "init" ? ["init", folder] : [...args, "--project", folder];
      const ended = await lorag([...project, "--json"], options);
      const { error } = JSON.parse(ended.stdout) as { error: Record<string, string> };
      expect({ ...error, exit: ended.code }).toMatchObject({ code, exit });
      for (const words of says) expect(`${error["message"]} ${error["next"]}`).toContain(words);
      expect(error["next"]).not.toBe("");
      // Nothing of the user's is lost or changed, and nothing is half-written or still locked.
      const left = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
      expect(left.filter((name) => !name.startsWith(".lorag/")).sort()).toEqual(Object.keys(files).sort());
      for (const [name, content] of Object.entries(files)) {
        expect(readFileSync(join(folder, name)).equals(Buffer.from(content)), name).toBe(true);
      }
      expect(left.filter((name) => /\.tmp-|\.partial$/.test(name))).toEqual([]);
      for (const claim of left.filter((name) => /lock\/\d+$/.test(name))) {
        expect(JSON.parse(readFileSync(join(folder, claim), "utf8")), claim).toHaveProperty("state", "free");
      }
      rmSync(folder, { recursive: true });
    },
  );

  test("without --json the error is on stderr, in words", async () => {
    const folder = makeProject({ "lorag.yaml": "lora_rank: 8\n" });
    const { code, stdout, stderr } = await lorag(["compare", "--project", folder]);
    expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
    expect(stderr).toMatch(
      /^error: lorag\.yaml:1:1 unknown key .*\n.*lorag help config.*\n\[LORAG_CONFIG\]\n$/s,
    );
  });

  test("a reader that leaves early is no error", async () => {
    const run = startLorag(["--help"]);
    run.child.stdout!.destroy();
    expect(await run.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("a project folder that cannot be written to", { timeout: 300_000 }, async () => {
    const folder = makeProject({ "lorag.yaml": "", "examples.jsonl": examples, ...page });
    chmodSync(folder, 0o555);
    // Root may write anywhere, so the command runs as nobody.
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const ended = await lorag(["index", "--json", "--project", folder], uid);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: "LORAG_NO_PERMISSION", message: expect.stringContaining(join(folder, ".lorag")) },
    });
    expect(ended.code).toBe(74);
    chmodSync(folder, 0o755);
    expect(readdirSync(folder).sort()).toEqual(["documents", "examples.jsonl", "lorag.yaml"]);
    rmSync(folder, { recursive: true });
  });

  test.skipIf(!canMount)("a disk that is full while the index is written", { timeout: 300_000 }, async () => {
    const folder = makeProject({ "lorag.yaml": "", "examples.jsonl": examples, ...page });
    const command = `${process.execPath} --import ${import.meta.resolve("tsx")} src/cli/main.ts index --json --project`;
    const disk = `${folder}/disk`;
    mkdirSync(disk);
    const script = `
      cp -r ${folder}/lorag.yaml ${folder}/examples.jsonl ${folder}/documents ${disk}
      ${command} ${disk}; echo " exit $?"
      mount -o remount,size=20m ${disk}
      ${command} ${disk}; echo " exit $?"`;
    const { stdout, stderr } = await onSmallDisk(disk, "56k", script);
    expect(stdout, stderr).toMatch(
      /LORAG_DISK_FULL.*Cannot write .*: the disk is full.* exit 74\n.* exit 0\n$/s,
    );
    rmSync(folder, { recursive: true });
  });

  test("a comparison of which all is done needs no model any more", { timeout: 300_000 }, async () => {
    const folder = makeProject({
      "lorag.yaml":
        "arms: [base]\nmax_new_tokens: 2\ndatasets: []\ntest_datasets: [{ path: examples.jsonl }]\n",
      "examples.jsonl": examples,
    });
    const args = ["compare", "--json", "--project", folder];
    expect((await lorag(args)).code).toBe(0);
    const again = await lorag(args, { env: { ...emptyCache, PATH: "/nowhere" } });
    expect(again.code, again.stdout).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test(
    "a held-out question beyond the context counts as wrong; the rest is compared",
    { timeout: 300_000 },
    async () => {
      const folder = makeProject({
        "lorag.yaml": "arms: [base, rag]\nmax_new_tokens: 4\ntest_datasets: [{ path: held-out.jsonl }]\n",
        "examples.jsonl": examples,
        "held-out.jsonl":
          exampleLine("Which letter? ".repeat(4000), "It is 3.") + exampleLine("And x?", "It is 9."),
        ...page,
      });
      const { code, stdout } = await lorag(["compare", "--json", "--project", folder]);
      const results = JSON.parse(stdout);
      expect(code).toBe(0);
      for (const arm of ["base", "rag"]) {
        expect(results.warnings).toContainEqual({
          code: "LORAG_PROMPT_TOO_LONG",
          message: expect.stringMatching(`1 held-out question is .*wrong for ${arm}: held-out:1`),
        });
      }
      expect(results.arms.map(({ status }: { status: string }) => status)).toEqual(["ok", "ok"]);
      rmSync(folder, { recursive: true });
    },
  );
});
