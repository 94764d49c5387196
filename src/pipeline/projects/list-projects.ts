import { basename, join, resolve } from "node:path";
import { LoragError, type ListedProject } from "../../contracts/index.ts";
import { exists, listFolder, readText, statPath, writeFileAtomic } from "../../platform/index.ts";
import { configFile, readProject } from "../config/read-project.ts";
import { initProject } from "../init.ts";

/** The projects of a folder: the folder itself where it is one, else those right inside it. */
export async function listProjects(root: string): Promise<ListedProject[]> {
  const folders = await projectFolders(root);
  return Promise.all([...folders].map(([name, folder]) => describe(name, folder)));
}

/** Where a project of the folder is. Throws LORAG_NO_PROJECT. */
export async function findProject(root: string, name: string): Promise<string> {
  const folder = (await projectFolders(root)).get(name);
  if (folder !== undefined) return folder;
  throw new LoragError({
    code: "LORAG_NO_PROJECT",
    kind: "missing",
    message: `There is no project ${JSON.stringify(name.slice(0, 80))} here`,
    next: "Go back to the list of projects.",
  });
}

/** Makes a project inside the folder: the starter to look at, or an empty one. Throws LORAG_USAGE, LORAG_EXISTS. */
export async function createProject(root: string, name: string, kind: "empty" | "starter"): Promise<string> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u.test(name) || name.endsWith(".")) {
    throw usage(
      `${JSON.stringify(name.slice(0, 80))} is no name for a project`,
      "Use letters, digits, spaces, `.`, `_` and `-`, 63 at most, and begin with a letter or digit.",
    );
  }
  if (await exists(join(root, configFile))) {
    throw usage(
      "The folder that is open is itself a project",
      "Start `lorag ui` with --project and a folder that holds projects to make one there.",
    );
  }
  const folder = join(root, name);
  if (kind === "starter") await initProject(folder);
  else if (await exists(folder)) throw usage(`There is a folder ${name} already`, "Choose another name.");
  else await writeFileAtomic(join(folder, configFile), emptyConfig);
  return folder;
}

const emptyConfig = `# What is compared, and how. \`lorag help config\` lists every key with its default.
documents: documents
datasets:
  - path: examples.jsonl
arms: [base, rag, tuned, tuned-rag]
`;

async function projectFolders(root: string): Promise<Map<string, string>> {
  const open = resolve(root);
  if (await exists(join(open, configFile))) return new Map([[basename(open), open]]);
  const names = (await exists(open)) ? await listFolder(open) : [];
  const found: [string, string][] = [];
  for (const name of names) {
    if (!name.startsWith(".") && (await exists(join(open, name, configFile))))
      found.push([name, join(open, name)]);
  }
  return new Map(found);
}

async function describe(name: string, folder: string): Promise<ListedProject> {
  try {
    const { output, arms } = await readProject(folder);
    const results = join(output, "results.json");
    const compared = await statPath(results);
    const listed = { name, arms: arms.map((arm) => arm.name) };
    if (!compared) return listed;
    const { verdict, run } = JSON.parse(await readText(results)) as Partial<Compared>;
    return verdict && run ? { ...listed, verdict: verdict.headline, compared: run.when } : listed;
  } catch (error) {
    return { name, arms: [], fault: error instanceof Error ? error.message : String(error) };
  }
}

interface Compared {
  verdict: { headline: string };
  run: { when: string };
}

const usage = (message: string, next: string): LoragError =>
  new LoragError({ code: "LORAG_USAGE", kind: "usage", message, next });
