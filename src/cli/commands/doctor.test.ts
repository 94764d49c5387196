import { describe, expect, test } from "vitest";
import { exampleLine, lorag, makeProject } from "../../../test/lorag.case.ts";

const examples = exampleLine("What is a?", "It is 0.");
const page = { "documents/page.md": "# Page\n\nIt is 3.\n" };

describe.concurrent("the exit code of doctor is that of the first check that failed", () => {
  test.for([
    ["a whole project", { "lorag.yaml": "", "examples.jsonl": examples, ...page }, 0, undefined],
    ["no project", {}, 0, undefined],
    ["a wrong config", { "lorag.yaml": "lora_rank: 8\n" }, 78, "`lora_rank`"],
    ["a config that is no text", { "lorag.yaml": Uint8Array.of(0xff, 0xfe) }, 78, "UTF-8"],
    ["no examples", { "lorag.yaml": "", ...page }, 66, "examples.jsonl"],
    ["no documents", { "lorag.yaml": "", "examples.jsonl": examples }, 66, "documents"],
    [
      "documents that are a file, examples that are a folder",
      { "lorag.yaml": "", documents: "It is 3.", "examples.jsonl/page.md": "" },
      65,
      "documents is no folder",
    ],
    [
      "no base model",
      { "lorag.yaml": "base_model: ./mine\n", "examples.jsonl": examples, ...page },
      66,
      "There is no model at ",
    ],
    [
      "a model without its configuration",
      {
        "lorag.yaml": "base_model: ./mine\n",
        "examples.jsonl": examples,
        ...page,
        "mine/model.safetensors": "",
      },
      65,
      "no config.json",
    ],
  ] as [string, Record<string, string | Uint8Array>, number, string | undefined][])(
    "%s",
    async ([, files, exit, found]) => {
      const { code, stdout } = await lorag(["doctor", "--json", "--project", makeProject(files)]);
      const checks = (JSON.parse(stdout) as { checks: { status: string; found: string }[] }).checks;
      const failed = checks.filter(({ status }) => status === "fail");
      expect({ code, found: failed.map((check) => check.found) }).toEqual({
        code: exit,
        found: found === undefined ? [] : [expect.stringContaining(found)],
      });
    },
  );
});
