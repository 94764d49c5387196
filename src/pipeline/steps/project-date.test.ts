import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createChatTemplate } from "../../formats/index.ts";
import { openProject } from "../context.ts";
import { projectDate } from "./project-date.ts";

test("a template that prints the date prints that of the project's first run ever after", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-date-"));
  await writeFile(join(folder, "lorag.yaml"), "arms: [base]");
  const source = "{{ strftime_now('%d %b %Y') }}: {{ messages[0].content }}";
  const promptAt = async (now: string): Promise<string> => {
    const { project } = await openProject(folder);
    const template = createChatTemplate(source, { special: [] }, await projectDate(project, new Date(now)));
    return template.render([{ role: "user", content: "Hi" }], { prompt: true });
  };

  expect(await promptAt("2026-01-31T23:59:00Z")).toBe("31 Jan 2026: Hi");
  expect(await promptAt("2026-02-01T00:01:00Z")).toBe("31 Jan 2026: Hi");
});
