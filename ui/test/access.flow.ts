import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lorag } from "../../test/lorag.case.ts";
import { findSerious } from "./axe.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage, type Watched } from "./browser.case.ts";
import { makeRoot, projectViews, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

describe.skipIf(browserPath === undefined)(`access (skipped where ${noBrowser})`, () => {
  const root = makeRoot(quickProject("plain"));
  let browser: Browser;
  let ui: RunningUi;
  let page: Page;
  let settle: Watched["settle"];
  const open = async (view: string): Promise<void> => {
    await page.goto(view === "" ? ui.address : `${ui.address}p/plain/${view}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await settle();
  };
  beforeAll(async () => {
    const { code, stderr } = await lorag(["compare", "-p", join(root, "plain")]);
    if (code !== 0) throw new Error(stderr);
    browser = await openBrowser();
    ui = await startUi(root);
    ({ page, settle } = await openPage(browser));
    await enter(page, ui.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  const views = ["", ...projectViews, "question?id=q-boats", "document?name=boats.md"];
  for (const dark of [false, true]) {
    test.each(views)(`no serious finding of axe, ${dark ? "dark" : "light"}: %s`, async (view) => {
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      await page.setViewportSize({ width: 1024, height: 900 });
      await open(view);
      expect(await findSerious(page)).toEqual([]);
    });
  }

  test.each([360, 1024, 1600])("no view is wider than %i pixels", async (width) => {
    await page.setViewportSize({ width, height: 900 });
    for (const view of views) {
      await open(view);
      expect([view, await page.evaluate("document.documentElement.scrollWidth - innerWidth")]).toEqual([
        view,
        0,
      ]);
    }
  });
});
