import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lorag, makeProject, startLorag } from "./lorag.case.ts";

const pages = Array.from({ length: 40 }, (_, page): [string, string] => {
  const sections = Array.from(
    { length: 12 },
    (_, section) =>
      `## Rule ${section}\n\n${`Boat ${page} moors at berth ${section} on every tide. `.repeat(4)}`,
  );
  return [`documents/page-${page}.md`, `# Page ${page}\n\n${sections.join("\n\n")}\n`];
});

test.each([["SIGINT"], ["SIGTERM"]] as const)(
  "%s while passages are indexed: a clean end, and the next run goes on",
  { timeout: 300_000 },
  async (signal) => {
    const folder = makeProject({
      "lorag.yaml": "retrieval: { chunk_tokens: 64 }\n",
      ...Object.fromEntries(pages),
    });
    const run = startLorag(["index", "--json", "--project", folder]);
    let sent = false;
    run.child.stderr!.on("data", (text: string) => {
      // Past the first of the batches that are stored; and once, for a second signal ends the command at once.
      if (sent || !/Indexing passages: +[6-9]\d%/.test(text)) return;
      sent = run.child.kill(signal);
    });
    const { code, stdout, stderr } = await run.ended;
    expect(code, stderr).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "LORAG_INTERRUPTED" } });
    const [claim] = readdirSync(join(folder, ".lorag/lock"));
    const holder = JSON.parse(readFileSync(join(folder, ".lorag/lock", claim!), "utf8"));
    expect(holder).toHaveProperty("state", "free");

    const again = await lorag(["index", "--json", "--project", folder]);
    expect(again.code).toBe(0);
    const { added, unchanged } = JSON.parse(again.stdout);
    expect(added + unchanged).toBe(pages.length);
    expect(unchanged).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  },
);

test("a skipped document is told once on the terminal; --json has it as a warning and in the report", async () => {
  const folder = makeProject({
    "lorag.yaml": "",
    "documents/page.md": "# Page\n\nBoats moor at berth 4.\n",
    "documents/sheet.xlsx": "x",
  });
  const { stdout, stderr } = await lorag(["index", "--project", folder]);
  expect(stdout).toMatch(/^skipped, .*:\n {2}sheet\.xlsx: /m);
  expect(stderr).not.toMatch(/sheet\.xlsx|warning/);
  const json = JSON.parse((await lorag(["index", "--json", "--project", folder])).stdout);
  expect(json.skipped).toMatchObject([{ id: "sheet.xlsx" }]);
  expect(json.warnings).toContainEqual(expect.objectContaining({ code: "LORAG_SKIPPED_DOCUMENT" }));
  rmSync(folder, { recursive: true });
});
