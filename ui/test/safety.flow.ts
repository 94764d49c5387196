import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lorag } from "../../test/lorag.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage, type Watched } from "./browser.case.ts";
import { hostileKinds, hostileProject, hostileTexts } from "./hostile.case.ts";
import { makeRoot, projectViews } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

describe.skipIf(browserPath === undefined)(`safety (skipped where ${noBrowser})`, () => {
  const root = makeRoot(hostileProject());
  let browser: Browser;
  let ui: RunningUi;
  let watched: Watched;
  let page: Page;
  const open = async (project: string, view: string): Promise<void> => {
    await page.goto(`${ui.address}p/${project}/${view}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await watched.settle();
  };
  beforeAll(async () => {
    const { code, stderr } = await lorag(["compare", "-p", join(root, "hostile")]);
    if (code !== 0) throw new Error(stderr);
    browser = await openBrowser();
    ui = await startUi(root);
    watched = await openPage(browser, { width: 360 });
    ({ page } = watched);
    page.on("dialog", (dialog) => void dialog.dismiss());
    await enter(page, ui.link);
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

  /** The first of each kind. */
  const ofEachKind = (names: string[]): string[] => {
    const numberOf = (name: string): number => Number(/\d+/.exec(name)![0]);
    const byNumber = names.toSorted((a, b) => numberOf(b) - numberOf(a));
    return [...new Map(byNumber.map((name) => [numberOf(name) % hostileKinds, name])).values()];
  };

  test("hostile documents are opened", async () => {
    const { files } = (await (
      await page.request.get(`${ui.address}api/projects/hostile/documents`)
    ).json()) as {
      files: { name: string }[];
    };
    expect(files.length).toBe(300);
    for (const name of ofEachKind(files.map(({ name }) => name))) {
      await open("hostile", `document?name=${encodeURIComponent(name)}`);
      // One of the kinds is no text, and its page says so.
      await page.locator(".passage, [role=alert]").first().waitFor();
      await expectQuiet();
    }
  });

  test("hostile questions and answers are opened", async () => {
    const { questions } = (await (
      await page.request.get(`${ui.address}api/projects/hostile/results`)
    ).json()) as {
      questions: { id: string }[];
    };
    for (const id of ofEachKind(questions.map(({ id }) => id))) {
      await open("hostile", `question?id=${encodeURIComponent(id)}`);
      await page.locator(".answers article").first().waitFor();
      await page.getByText("Word by word against the gold").first().click();
      await expectQuiet();
    }
  });

  test("hostile answers come up in the chat", async () => {
    await open("hostile", "chat");
    await page.getByLabel("hostile:quote").check();
    for (const text of hostileTexts.slice(0, 4)) {
      await page.getByLabel("Question").fill(`What is the fact of ${text}?`);
      await page.getByRole("button", { name: "Ask" }).click();
      await page
        .getByText(/first word after/)
        .first()
        .waitFor();
      await page.getByRole("button", { name: "Good answer" }).first().waitFor();
      await expectQuiet();
    }
  });
});
