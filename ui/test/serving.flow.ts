import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeTinyAdapter } from "../../src/training/tiny-adapter.case.ts";
import { writeTinyLlama } from "../../src/training/tiny-llama.case.ts";
import { findSerious } from "./axe.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage, type Watched } from "./browser.case.ts";
import { makeRoot, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

/** Where pictures to look at are put; none are taken without it. */
const pictures = process.env["LORAG_UI_PICTURES"];

describe.skipIf(browserPath === undefined)(`adapters on the page (skipped where ${noBrowser})`, () => {
  const root = makeRoot({
    ...quickProject("plain"),
    "plain/lorag.yaml": `base_model: ../models/llama\nembedding_model: ../models/encoder\narms: [base]\nmax_new_tokens: 8\n`,
  });
  const adapters = join(root, "plain/adapters");
  const releases = (): unknown => JSON.parse(readFileSync(join(adapters, "support/releases.json"), "utf8"));
  let browser: Browser;
  let ui: RunningUi;
  let watched: Watched;
  let page: Page;
  const asked: string[] = [];
  const card = (name: string) => page.getByRole("region", { name, exact: true });
  const act = (name: string, of = "support") => card(of).getByRole("button", { name, exact: true });
  const row = (id: string) => card(id.split(":")[0]!).getByRole("listitem").filter({ hasText: id });
  const go = (view: string): Promise<unknown> => page.goto(`${ui.address}p/plain/${view}`);

  beforeAll(async () => {
    await writeTinyLlama(join(root, "models/llama"));
    browser = await openBrowser();
    ui = await startUi(root);
    watched = await openPage(browser);
    ({ page } = watched);
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await enter(page, ui.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  test("where there are none, the page says how one comes there", async () => {
    await go("serving");
    await page.getByText("There are none yet.").waitFor();
    expect(existsSync(adapters)).toBe(false);
  });

  test("an adapter is loaded by the keyboard, and shown as loaded", async () => {
    for (const version of ["1", "2", "10"])
      await writeTinyAdapter(join(adapters, "support", version), { seed: Number(version) });
    await writeTinyAdapter(join(adapters, "other"), { inputs: 16 });
    await go("serving");
    await page.getByText("support:latest is support:10.").waitFor();
    await act("Load support:2").focus();
    await page.keyboard.press("Enter");
    await page.getByText("support:2 is in memory.").waitFor();
    await row("support:2").getByText("in memory", { exact: true }).waitFor();
    // Who uses the keyboard is where they were.
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Unload support:2");
    expect(asked).toEqual([]);
  });

  test("one that does not fit is refused in words, and its neighbours stay as they were", async () => {
    await act("Load other", "other").click();
    await card("other").getByRole("alert").waitFor();
    expect(await card("other").getByRole("alert").innerText()).toMatch(/does not fit the model/);
    expect(await row("other").getByText("in memory", { exact: true }).count()).toBe(0);
    expect(await row("support:2").getByText("in memory", { exact: true }).count()).toBe(1);
  });

  test("a version is released, tried on a share, taken back and promoted; each is asked first", async () => {
    await act("Make latest: support:1").click();
    await page.getByText("support:latest is support:1.").first().waitFor();
    expect(asked.splice(0)).toEqual([
      "All requests to support:latest go to support:1 from now on, in place of support:10.",
    ]);
    await card("support").getByLabel("Try version").selectOption("2");
    await card("support").getByLabel("Percent of the requests").fill("25");
    await page.keyboard.press("Enter");
    await row("support:2").getByText("canary, 25%").waitFor();
    expect(releases()).toMatchObject({ latest: "1", canary: { version: "2", share: 0.25 } });
    await act("Roll back").click();
    await page.getByText("support:2 is tried no longer.").waitFor();
    expect(releases()).toEqual({ latest: "1", previous: "10" });
    await act("Make latest: support:2").click();
    await page.getByText("support:latest is support:2.").first().waitFor();
    await act("Roll back").click();
    await page.getByText("support:latest is support:1 again.").waitFor();
    expect(releases()).toEqual({ latest: "1" });
    expect(asked.splice(0)).toHaveLength(4);
    expect(await act("Roll back").getAttribute("aria-disabled")).toBe("true");
  });

  test("who says no changes nothing; a share that is none is refused by the form", async () => {
    page.removeAllListeners("dialog");
    page.once("dialog", (dialog) => void dialog.dismiss());
    await act("Make latest: support:2").click();
    await page.waitForTimeout(200);
    expect(releases()).toEqual({ latest: "1" });
    await card("support").getByLabel("Percent of the requests").fill("0");
    await act("Start the canary").click();
    expect(releases()).toEqual({ latest: "1" });
    page.on("dialog", (dialog) => void dialog.accept());
  });

  test("what a version answered is counted, and another's change is seen", async () => {
    await go("chat");
    await page.getByLabel("support:2", { exact: true }).check();
    await page.getByLabel("Question").fill("what is c?");
    await page.getByRole("button", { name: "Ask" }).click();
    await page
      .getByText(/tokens? ·/)
      .first()
      .waitFor();
    await go("serving");
    await row("support:2")
      .getByText(/1 answer ·/)
      .waitFor();
    await writeTinyAdapter(join(adapters, "support/11"), { seed: 11 });
    await page.getByText("support:11", { exact: true }).first().waitFor();
  });

  test("a version is unloaded after a question", async () => {
    await act("Unload support:2").click();
    await page.getByText("support:2 is out of memory.").waitFor();
    await act("Load support:2").waitFor();
  });

  test.each([false, true])(
    "axe finds nothing serious (dark: %s); nothing is wider than its window",
    async (dark) => {
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      await act("Load other", "other").click();
      await card("other").getByRole("alert").waitFor();
      await watched.settle();
      expect(await findSerious(page)).toEqual([]);
      for (const width of [360, 1024, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
        if (pictures === undefined) continue;
        mkdirSync(pictures, { recursive: true });
        const path = join(pictures, `serving-${width}-${dark ? "dark" : "light"}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      expect(watched.faults).toEqual([]);
    },
  );
});
