import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lorag } from "../../test/lorag.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage } from "./browser.case.ts";
import { makeRoot, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

const manyFiles = Object.fromEntries(
  Array.from({ length: 80 }, (_, index) => [
    `plain/documents/more/${index}.md`,
    `# More ${index}\n\nNothing of note.\n`,
  ]),
);
const oddId = "סירה/1 🚢#?&";

/** What people do on every page, and what pages like this one were told to get wrong. */
describe.skipIf(browserPath === undefined)(`habits (skipped where ${noBrowser})`, () => {
  const root = makeRoot({ ...quickProject("plain"), ...manyFiles });
  let browser: Browser;
  let ui: RunningUi;
  let page: Page;
  const go = (view: string): Promise<unknown> => page.goto(`${ui.address}p/plain/${view}`);

  beforeAll(async () => {
    appendFileSync(
      join(root, "plain/examples.jsonl"),
      `\n${JSON.stringify({ prompt: "מה מחיר הסירה?", completion: "5 כתרים", metadata: { id: oddId } })}`,
    );
    const { code, stderr } = await lorag(["compare", "-p", join(root, "plain")]);
    if (code !== 0) throw new Error(stderr);
    browser = await openBrowser();
    ui = await startUi(root);
    ({ page } = await openPage(browser));
    await enter(page, ui.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  test("who follows a citation and goes back finds the chat as it was, and nothing is asked again", async () => {
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/chat")) asked.push(request.url());
    });
    await go("chat");
    await page.getByLabel("plain:auto").uncheck();
    await page.getByLabel("Question").fill("What is the price of boats?");
    await page.getByRole("button", { name: "Ask" }).click();
    await page
      .getByText(/tokens? ·/)
      .first()
      .waitFor();
    await page.getByLabel("Question").fill("a thought that is not");
    await page.locator(".cite").first().hover();
    await page.locator(".popover").waitFor();
    await page.locator(".cite").first().click();
    await page.locator(".popover a").click();
    await page.getByRole("heading", { name: "The passage that was cited" }).waitFor();
    await page.goBack();
    await page
      .getByText(/tokens? ·/)
      .first()
      .waitFor();
    expect(await page.locator(".cite").count()).toBeGreaterThan(0);
    expect(await page.getByLabel("Question").inputValue()).toBe("a thought that is not");
    expect(await page.locator(".arms input:checked").count()).toBe(1);
    expect(asked.length).toBe(1);
    await page.reload();
    await page
      .getByText(/tokens? ·/)
      .first()
      .waitFor();
    expect(await page.locator(".cite").count()).toBeGreaterThan(0);
    expect(await page.getByLabel("Question").inputValue()).toBe("a thought that is not");
    expect(await page.locator(".arms input:checked").count()).toBe(1);
    expect(asked.length).toBe(1);
  });

  test("a citation shows while the mouse rests on it, and stays once it is clicked", async () => {
    const shown = page.locator(".popover");
    const away = (): Promise<void> => page.mouse.move(2, 2);
    const focused = (): Promise<string> => page.evaluate("document.activeElement.tagName") as Promise<string>;
    await go("chat");
    await page.getByLabel("Question").focus();
    await page.locator(".cite").first().hover();
    await shown.waitFor();
    await shown.hover();
    await page.waitForTimeout(400);
    expect(await shown.count()).toBe(1);
    await away();
    await shown.waitFor({ state: "detached" });
    expect(await focused()).toBe("TEXTAREA");
    await page.locator(".cite").first().hover();
    await shown.waitFor();
    await page.locator(".cite").first().click();
    await away();
    await page.waitForTimeout(400);
    expect(await shown.count()).toBe(1);
    await page.keyboard.press("Escape");
    await shown.waitFor({ state: "detached" });
    expect(await focused()).toBe("BUTTON");
  });

  test.each([
    ["cut off", "sessionStorage.setItem(key, sessionStorage.getItem(key).slice(0, -2))"],
    ["of another kind", "sessionStorage.setItem(key, '[{\"models\":7}]')"],
  ])("a stored chat that is %s is as if there were none", async (_name, damage) => {
    await go("chat");
    await page.locator(".arms input").first().waitFor();
    await page.evaluate(`for (const key of Object.keys(sessionStorage)) ${damage}`);
    await page.reload();
    await page.locator(".arms input").first().waitFor();
    expect(await page.locator(".turn").count()).toBe(0);
    expect(await page.getByLabel("Question").inputValue()).toBe("");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test.each([
    ["isComposing", { isComposing: true }],
    ["the key code alone", { keyCode: 229 }],
  ])("an input method's Enter, told by %s, asks nothing", async (_name, told) => {
    await go("chat");
    await page.getByLabel("Question").fill("にほん");
    await page
      .getByLabel("Question")
      .dispatchEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...told });
    await page.waitForTimeout(200);
    expect(await page.locator(".turn").count()).toBe(0);
    expect(await page.getByLabel("Question").inputValue()).toBe("にほん");
  });

  test("paper has every document and every column", async () => {
    await go("documents");
    await page.locator(".list-row").first().waitFor();
    expect(await page.locator(".list-row").count()).toBeLessThan(60);
    await page.emulateMedia({ media: "print" });
    await expect.poll(() => page.locator(".list-row").count()).toBe(92);
    await page.emulateMedia({ media: "screen" });
    await expect.poll(() => page.locator(".list-row").count()).toBeLessThan(60);
    await page.setViewportSize({ width: 718, height: 900 }); // A4, in pixels, less its margins
    await page.emulateMedia({ media: "print" });
    await go("serving");
    await page.locator(".scroll td").first().waitFor();
    expect(
      await page.evaluate(
        "(({ right }) => right - document.querySelector('main').getBoundingClientRect().right)(document.querySelector('.scroll table').getBoundingClientRect())",
      ),
    ).toBeLessThanOrEqual(0);
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 1024, height: 900 });
  });

  test("a question that runs from right to left ends on its left", async () => {
    await go("examples");
    const asked = page.locator(".asked", { hasText: "מה מחיר" });
    await asked.waitFor();
    const [first, mark] = await asked.evaluate((element) => {
      const text = element.firstChild!;
      const leftOf = (from: number): number => {
        const range = element.ownerDocument.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect().left;
      };
      return [leftOf(0), leftOf(text.textContent!.length - 1)] as const;
    });
    expect(mark).toBeLessThan(first);
  });

  test.each(["1e3", "007", "true", "null", "[1]", '"5"', "1 2+3&4=%"])(
    "a question may be called %s, as typed into the address",
    async (id) => {
      await go(`question?id=${encodeURIComponent(id)}`);
      await page.getByRole("main").waitFor();
      await page.waitForLoadState("networkidle");
      expect(new URL(page.url()).searchParams.get("id")).toBe(id);
    },
  );

  test("what is refused once is asked for once, and told", async () => {
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("no-such-question") && request.url().includes("/api/"))
        asked.push(request.url());
    });
    await go("question?id=no-such-question");
    await page.getByRole("alert").waitFor();
    expect(asked.length).toBe(1);
  });

  test("Copied is said of what was copied, and of nothing else", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await go("serving");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("plain:auto");
    await page.locator("label select").selectOption("plain:quote");
    await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  });
});
