import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { makeProject } from "../../test/lorag.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage } from "./browser.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

describe.skipIf(browserPath === undefined)(`sessions (skipped where ${noBrowser})`, () => {
  let browser: Browser;
  let ui: RunningUi;
  beforeAll(async () => {
    browser = await openBrowser();
    ui = await startUi(makeProject({}));
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  test("the link opens the page once; what is behind # leaves the address", async () => {
    const { page, faults, left } = await openPage(browser);
    await enter(page, ui.link);
    await page.getByText("There is no project here yet").waitFor();
    expect(page.url()).toBe(ui.address);
    expect(await page.evaluate("document.cookie")).toBe("");
    await page.reload();
    await page.getByText("There is no project here yet").waitFor();
    const other = await openPage(browser);
    await other.page.goto(ui.link);
    await other.page.getByText("Start `lorag ui` again").waitFor();
    expect([...faults, ...left, ...other.left]).toEqual([]);
  });

  test("without a session nothing is told, and no other origin or name is served", async () => {
    const get = (path: string, headers: Record<string, string> = {}) => fetch(ui.address + path, { headers });
    expect((await get("api/projects")).status).toBe(401);
    expect((await get("api/projects", { cookie: "lorag_ui_1=x" })).status).toBe(401);
    expect((await get("", { origin: "https://example.org" })).status).toBe(403);
    expect((await get("", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    const page = await get("");
    expect(page.headers.get("content-security-policy")).not.toMatch(/unsafe|https?:/);
  });
});
