import { join } from "node:path";
import { makeProject } from "../../test/lorag.case.ts";
import { writeTinyEncoder } from "../../src/models/tiny-encoder.case.ts";

const topics = [
  "anchors",
  "boats",
  "charts",
  "docks",
  "engines",
  "ferries",
  "gulls",
  "harbours",
  "islands",
  "jetties",
  "keels",
  "lamps",
];

/** A small project whose only contender needs no language model, so that a run takes seconds. */
export const quickProject = (name: string): Record<string, string> => ({
  [`${name}/lorag.yaml`]: `# What is compared\ndocuments: documents\ndatasets:\n  - path: examples.jsonl\ntest_set_size: 0.5 # half\nembedding_model: ../models/encoder\narms: [quote]\nretrieval:\n  mode: bm25\n`,
  ...Object.fromEntries(
    topics.map((topic, index) => [
      `${name}/documents/${topic}.md`,
      `# The ${topic}\n\nThe price of ${topic} is ${index + 3} crowns a day. Ask at the desk for ${topic}.\n`,
    ]),
  ),
  [`${name}/examples.jsonl`]: topics
    .map((topic, index) =>
      JSON.stringify({
        prompt: `What is the price of ${topic}?`,
        completion: `${index + 3} crowns a day`,
        metadata: { id: `q-${topic}`, type: index % 2 === 0 ? "even" : "odd", documents: [`${topic}.md`] },
      }),
    )
    .join("\n"),
});

/** A folder that holds projects, and the models that they name. */
export function makeRoot(files: Record<string, string>): string {
  const root = makeProject(files);
  writeTinyEncoder(join(root, "models/encoder"), ["price", "desk", "fact", ...topics]);
  return root;
}

/** The views of a project, by the last part of their addresses. */
export const projectViews = [
  "documents",
  "examples",
  "config",
  "run",
  "verdict",
  "chat",
  "serving",
  "glossary",
  "graph",
];
