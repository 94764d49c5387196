import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lorag, makeProject } from "../../test/lorag.case.ts";
import { browserPath, noBrowser, openBrowser, openPage, type Watched } from "./browser.case.ts";
import { hostileTexts } from "./hostile.case.ts";
import { projectViews } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

/** What a file's name can hold of a text. */
const asName = (text: string): string =>
  text
    .replace(/[/\\\0]/g, "∕")
    .replace(/^\.+/, "")
    .slice(0, 50) || "empty";

/** A project in which every text is hostile: names and titles of documents, texts, questions, golds and labels. */
function hostileProject(): Record<string, string> {
  const documents = hostileTexts.map((text, index) => [
    `hostile/documents/${index} ${asName(text)}.md`,
    `# Title ${text.replace(/\n/g, " ").slice(0, 300)}\n\nFact ${index}: ${text.slice(0, 100_000)}\n`,
  ]);
  const examples = hostileTexts.map((text, index) =>
    JSON.stringify({
      prompt: `Fact ${index}: what is ${text}?`,
      completion: text,
      metadata: { id: `h${index} ${text.slice(0, 40)}`, type: text.slice(0, 60) },
    }),
  );
  return {
    "hostile/lorag.yaml": "arms: [quote]\ntest_set_size: 150\nsplit_by: random\nretrieval:\n  mode: bm25\n",
    "hostile/examples.jsonl": examples.join("\n"),
    ...(Object.fromEntries(documents) as Record<string, string>),
  };
}

describe.skipIf(browserPath === undefined)(`safety (skipped where ${noBrowser})`, () => {
  const root = makeProject(hostileProject());
  let browser: Browser;
  let ui: RunningUi;
  let watched: Watched;
  let page: Page;
  const open = async (project: string, view: string): Promise<void> => {
    await page.goto(`${ui.address}p/${project}/${view}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle").catch(() => {});
  };
  beforeAll(async () => {
    const { code, stderr } = await lorag(["compare", "-p", join(root, "hostile")]);
    if (code !== 0) throw new Error(stderr);
    browser = await openBrowser();
    ui = await startUi(root);
    watched = await openPage(browser, { width: 360 });
    ({ page } = watched);
    page.on("dialog", (dialog) => void dialog.dismiss());
    await page.goto(ui.link);
    await page.getByRole("heading", { name: "Projects" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  const expectQuiet = async (): Promise<void> => {
    expect(await page.evaluate("window.__ran ?? 0")).toBe(0);
    expect(watched.left).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(
      await page.evaluate(
        "document.querySelectorAll('iframe,object,embed,base,meta[http-equiv],#page form[action]').length",
      ),
    ).toBe(0);
  };

  test.each(projectViews)(
    "300 hostile texts run nothing, load nothing and break nothing: %s",
    async (view) => {
      await open("hostile", view);
      await expectQuiet();
      // All of a long list comes into view.
      for (let step = 0; step < 12; step++) {
        await page.evaluate(`scrollTo(0, document.body.scrollHeight * ${step / 11})`);
        await page.waitForTimeout(60);
      }
      await expectQuiet();
    },
  );

  test("hostile documents and answers are opened", async () => {
    const files = (await (await page.request.get(`${ui.address}api/projects/hostile/documents`)).json()) as {
      files: { name: string }[];
    };
    expect(files.files.length).toBe(300);
    for (const { name } of files.files.slice(0, 30)) {
      await open("hostile", `document?name=${encodeURIComponent(JSON.stringify(name))}`);
      await expectQuiet();
    }
    const results = (await (await page.request.get(`${ui.address}api/projects/hostile/results`)).json()) as {
      questions: { id: string }[];
    };
    for (const { id } of results.questions.slice(0, 30)) {
      await open("hostile", `question?id=${encodeURIComponent(JSON.stringify(id))}`);
      await page.locator(".answers article").first().waitFor();
      await expectQuiet();
    }
  });
});
