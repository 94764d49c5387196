import { existsSync, readFileSync, writeFileSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browserPath, noBrowser, openBrowser, openPage, type Watched } from "./browser.case.ts";
import { makeRoot, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

/** A port that is free now, to start a second server where the first one was. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The whole way, in the order of the work; each flow stands on those before it. */
describe.skipIf(browserPath === undefined)(`the work (skipped where ${noBrowser})`, () => {
  const root = makeRoot(quickProject("harbour"));
  const home = mkdtempSync(join(tmpdir(), "lorag-home-"));
  const inProject = (...parts: string[]): string => join(root, "harbour", ...parts);
  let browser: Browser;
  let ui: RunningUi;
  let port: number;
  let watched: Watched;
  let page: Page;
  const go = (view: string): Promise<unknown> => page.goto(`${ui.address}p/harbour/${view}`);
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

  beforeAll(async () => {
    browser = await openBrowser();
    port = await freePort();
    ui = await startUi(root, { home, port });
    watched = await openPage(browser);
    ({ page } = watched);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(ui.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });
  afterEach(() => {
    const told = [...watched.left.splice(0), ...watched.faults.splice(0)];
    // A server that is ended in the middle is one of the flows.
    expect(
      told.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE/.test(fault)),
    ).toEqual([]);
  });

  test("projects are listed with their contenders", async () => {
    await page.getByRole("link", { name: "harbour" }).waitFor();
    await see("Not compared yet.");
  });

  test("a name that is none is refused, and said why", async () => {
    await page.getByLabel("Name").fill("../out");
    await page.getByRole("button", { name: "Make it empty" }).click();
    await see(/is no name for a project/);
  });

  test("an empty project is made, and says what it lacks", async () => {
    await page.getByLabel("Name").fill("blank");
    await page.getByRole("button", { name: "Make it empty" }).click();
    await see("There are no documents yet");
    await page.goto(`${ui.address}p/blank/examples`);
    await see("There are no examples yet");
    await page.goto(`${ui.address}p/blank/verdict`);
    await see("There is no verdict yet");
    await page.goto(`${ui.address}p/blank/glossary`);
    await see("The project has no glossary yet.");
  });

  test("a project of that name cannot be made twice", async () => {
    await page.goto(ui.address);
    await page.getByLabel("Name").fill("blank");
    await page.getByRole("button", { name: "Make it empty" }).click();
    await see("There is a folder blank already");
  });

  test("a project with a faulty config is listed with the fault", async () => {
    mkdirSync(join(root, "faulty"));
    writeFileSync(join(root, "faulty/lorag.yaml"), "lora_rank: 8\n");
    await page.goto(ui.address);
    await see(/lorag\.yaml:1:1 unknown key/);
  });

  test("documents are listed with their passages", async () => {
    await go("documents");
    await see("12 documents");
    await page
      .getByText(/ · 1 passage$/)
      .first()
      .waitFor();
  });

  test("a document is added, and one that cannot be read says why", async () => {
    await page.locator("input[type=file]").setInputFiles([
      {
        name: "moorings.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Moorings\n\nA mooring costs 40 crowns.\n"),
      },
      { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 and then nothing") },
    ]);
    await see("14 documents");
    await page.getByText("left out", { exact: true }).waitFor();
    expect(existsSync(inProject("documents/moorings.md"))).toBe(true);
  });

  test("a document is replaced by one of its name, after a question", async () => {
    await page.locator("input[type=file]").setInputFiles([
      {
        name: "moorings.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Moorings\n\nA mooring costs 45 crowns.\n"),
      },
    ]);
    await see("1 of 1 file done");
    expect(readFileSync(inProject("documents/moorings.md"), "utf8")).toContain("45");
  });

  test("a document is removed", async () => {
    await page.getByRole("button", { name: "Remove broken.pdf" }).click();
    await see("13 documents");
    expect(existsSync(inProject("documents/broken.pdf"))).toBe(false);
  });

  test("the list is searched", async () => {
    await page.getByLabel("Search").fill("moor");
    await expect.poll(() => page.getByRole("listitem").count()).toBe(1);
  });

  test("a document shows its passages as the model sees them", async () => {
    await page.getByRole("link", { name: "Moorings" }).click();
    await see("A mooring costs 45 crowns.");
    await see(/\[1\] Moorings/);
  });

  test("a document that is gone says so", async () => {
    await go("document?name=gone.md");
    await see(/There is no document "gone.md"/);
  });

  test("no path leads out of the documents folder", async () => {
    await go("document?name=../lorag.yaml");
    await page.getByRole("alert").waitFor();
    expect(await page.getByText("What is compared").count()).toBe(0);
  });

  test("examples are listed by the part they are in", async () => {
    await go("examples");
    await see(/held out/);
    await page.getByLabel("Part").selectOption("held out");
    await page.getByText("What is the price of").first().click();
    await see(/graded as auto/);
  });

  test("an example is shown as the model sees it", async () => {
    await see(/tokens, not trained/);
    await page.locator(".token").first().waitFor();
  });

  test("examples are mended into a new file, the old one left alone", async () => {
    const before = readFileSync(inProject("examples.jsonl"), "utf8");
    await page.getByRole("button", { name: "Write the new file" }).click();
    await see(/examples\.mended\.jsonl: 12 kept/);
    expect(readFileSync(inProject("examples.jsonl"), "utf8")).toBe(before);
  });

  test("the form writes into the text, comments kept", async () => {
    await go("config");
    await page.getByLabel("seed", { exact: true }).fill("7");
    await page.getByLabel("seed", { exact: true }).press("Enter");
    await page.getByRole("tab", { name: "YAML" }).click();
    await expect.poll(() => page.getByLabel("lorag.yaml").inputValue()).toContain("seed: 7");
    expect(await page.getByLabel("lorag.yaml").inputValue()).toContain("test_set_size: 0.5 # half");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor();
    expect(readFileSync(inProject("lorag.yaml"), "utf8")).toContain("seed: 7");
  });

  test("arms and models are forms of their own, and what is wrong with one is told beside it", async () => {
    await page.getByRole("tab", { name: "Form" }).click();
    await page.getByRole("button", { name: "Add to arms" }).click();
    const base = page.getByRole("group", { name: "base" });
    await base.getByLabel("Say more of it").selectOption("retrieval.top_k");
    await base.getByRole("textbox", { name: "retrieval.top_k" }).fill("0");
    await base.getByRole("textbox", { name: "retrieval.top_k" }).press("Enter");
    await base.getByText(/must be at least 1/).waitFor();
    await base.getByRole("textbox", { name: "retrieval.top_k" }).fill("5");
    await base.getByRole("textbox", { name: "retrieval.top_k" }).press("Enter");
    await page.getByLabel("Name of a new model").fill("mine.v2");
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByRole("group", { name: "mine.v2" }).getByLabel("endpoint", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "YAML" }).click();
    const text = await page.getByLabel("lorag.yaml").inputValue();
    expect(text).toMatch(/quote[\s\S]*name: base[\s\S]*top_k: 5/);
    expect(text).toContain("mine.v2:");
    await page.getByRole("button", { name: "Undo all" }).click();
  });

  test("a fault is told by its line and column, and nothing faulty is saved", async () => {
    const text = page.getByLabel("lorag.yaml");
    const good = await text.inputValue();
    await text.fill(`${good}lora_rank: 3\n`);
    await see(/lorag\.yaml:\d+:1 unknown key `lora_rank`; did you mean `lora_r`/);
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Undo all" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor();
  });

  test("of two who edit one config, the later sees the difference and loses nothing", async () => {
    const text = page.getByLabel("lorag.yaml");
    await text.fill((await text.inputValue()).replace("seed: 7", "seed: 8"));
    const theirs = readFileSync(inProject("lorag.yaml"), "utf8").replace("seed: 7", "seed: 9");
    writeFileSync(inProject("lorag.yaml"), theirs);
    await page.getByRole("button", { name: "Save" }).click();
    await see("The file was changed meanwhile");
    await page.locator(".diff-removed", { hasText: "seed: 9" }).waitFor();
    await page.locator(".diff-added", { hasText: "seed: 8" }).waitFor();
    expect(readFileSync(inProject("lorag.yaml"), "utf8")).toBe(theirs);
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await page.getByRole("button", { name: "Saved" }).waitFor();
    expect(readFileSync(inProject("lorag.yaml"), "utf8")).toContain("seed: 8");
  });

  test("what a run would take is told before it starts", async () => {
    await go("run");
    await see("6 questions");
    await page.getByText(/of machine time/).waitFor();
  });

  test("a run outlives its server, a reload finds it again, and the session still holds", async () => {
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("heading", { name: /Under way|Done/ }).waitFor();
    await ui.stop("SIGKILL");
    const again = await startUi(root, { home, port });
    ui = again;
    await page.reload();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    await page.getByRole("progressbar", { name: "Answering with quote" }).waitFor();
  });

  test("the verdict is the report's", async () => {
    await page.getByRole("link", { name: "See the verdict" }).click();
    await page.locator("#verdict").waitFor();
    await page.getByRole("img", { name: /quote/ }).first().waitFor();
    await see("How this was measured");
  });

  test("questions are filtered, by the address too, and back works", async () => {
    await page.getByRole("combobox", { name: "Type" }).selectOption("even");
    await expect.poll(() => page.url()).toContain("type=even");
    const shown = await page.locator(".filters output").innerText();
    await page.reload();
    await expect.poll(() => page.locator(".filters output").innerText()).toBe(shown);
    await page.locator(".question-row").first().click();
    await page.getByRole("heading", { name: /What is the price of/ }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("combobox", { name: "Type" }).inputValue()).toBe("even");
  });

  test("a question shows its answers against the gold, and a citation opens its passage", async () => {
    await page.locator(".question-row").first().click();
    await page.getByText("Word by word against the gold").first().click();
    await page.locator(".word-diff").first().waitFor();
    await page.locator(".citations a").first().click();
    await page.getByRole("heading", { name: "The passage that was cited" }).waitFor();
    await page.goBack();
  });

  test("a grade is set by hand with a reason, and counted when the verdict is computed again", async () => {
    await page.getByText("This grade is wrong").first().click();
    await page
      .getByLabel(/Why it is/)
      .first()
      .fill("the desk says otherwise");
    await page
      .getByRole("button", { name: /Count it as/ })
      .first()
      .click();
    await see("Kept. The verdict counts it");
    expect(readFileSync(inProject("grade-overrides.jsonl"), "utf8")).toContain("the desk says otherwise");
    await go("verdict");
    await see(/1 grade set by hand is not in this verdict yet/);
    await page.getByRole("button", { name: "Compute the verdict again" }).click();
    await page.getByRole("heading", { name: /Under way/ }).waitFor();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    await go("verdict");
    await see(/1 grade of this verdict was set by hand/);
  });

  test("an override of a question that is gone is left out and told", async () => {
    const line = {
      question: "gone",
      arm: "quote",
      answer: "x",
      correct: true,
      reason: "r",
      at: "2026-01-01T00:00:00Z",
    };
    const file = inProject("grade-overrides.jsonl");
    writeFileSync(file, `${readFileSync(file, "utf8")}${JSON.stringify(line)}\n`);
    await go("run");
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("heading", { name: /Under way/ }).waitFor();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    await see(/1 grade that was set by hand is of a question or an answer that is no longer there/);
  });

  test("two runs are compared, and whether the change is chance", async () => {
    const [first] = readdirSync(inProject(".lorag/runs")).sort();
    await go(`changes?before=${first}`);
    await see("now");
    await see("can be chance");
  });

  test("the verdict is taken away as HTML, Markdown and CSV", async () => {
    await go("verdict");
    for (const [name, begins] of [
      ["HTML", "<!doctype html>"],
      ["Markdown", "# harbour"],
      ["CSV", "id,type,question"],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: `Save as ${name}` }).click(),
      ]);
      expect(readFileSync((await download.path())!, "utf8").startsWith(begins)).toBe(true);
    }
  });

  test("an arm answers in the chat, with citations on a click, and what it took", async () => {
    await go("chat");
    await page.getByLabel("harbour:quote").check();
    await page.getByLabel("Question").fill("What is the price of anchors?");
    // An input method's Enter, as Chinese and Japanese are written with, sends nothing.
    await page
      .getByLabel("Question")
      .dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
    expect(await page.getByLabel("Question").inputValue()).toBe("What is the price of anchors?");
    await page.getByRole("button", { name: "Ask" }).click();
    await page
      .getByText(/first word after/)
      .first()
      .waitFor({ timeout: 150_000 });
    await page
      .getByRole("button", { name: /Citation 1/ })
      .first()
      .click();
    await page.locator(".popover").waitFor();
  });

  test("a corrected answer becomes an example with where it came from", async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Bad answer" }).first().click();
    await page.getByLabel("What should it have said?").fill("3 crowns");
    await page.getByRole("button", { name: "Keep as an example" }).click();
    await see(/Kept in chat-examples\.jsonl/);
    const [line] = readFileSync(inProject("chat-examples.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line!)).toMatchObject({
      completion: "3 crowns",
      metadata: { source: "chat", model: "harbour:quote" },
    });
  });

  test("what is served is listed, with snippets", async () => {
    await go("serving");
    const quoting = page.getByRole("row").filter({
      has: page.getByRole("rowheader", { name: "harbour:quote" }),
    });
    expect(await quoting.innerText()).toContain("/encoder"); // It asks no language model.
    await page.getByRole("tab", { name: "Python" }).click();
    await see(/client = OpenAI/);
  });

  test("a glossary is brought in, its terms found in the documents", async () => {
    await go("glossary");
    await page.locator("input[type=file]").setInputFiles([
      {
        name: "terms.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("source,target\nanchors,ground tackle\nbowsprit,spar\n"),
      },
    ]);
    await see("2 terms of glossary.csv");
    await page.getByRole("link", { name: "anchors.md" }).waitFor();
    await see("in no document");
  });

  test("the graph is shown around an entity, in words where nothing can be drawn", async () => {
    await go("graph");
    await see(/communities/);
    await page.locator(".list-row a").first().click();
    await page.getByRole("heading", { name: "In words" }).waitFor({ timeout: 150_000 });
  });

  test("results of a newer version are refused, and said so", async () => {
    const file = inProject(".lorag/results.json");
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, JSON.stringify({ schema: 9 }));
    await go("verdict");
    await see(/made by a newer version/);
    writeFileSync(file, kept);
  });

  test("a run whose documents are gone fails with words, and can be taken up again", async () => {
    await go("run");
    writeFileSync(
      inProject("lorag.yaml"),
      readFileSync(inProject("lorag.yaml"), "utf8").replace("documents: documents", "documents: elsewhere"),
    );
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("heading", { name: /Failed/ }).waitFor({ timeout: 150_000 });
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await see(/elsewhere/);
    writeFileSync(
      inProject("lorag.yaml"),
      readFileSync(inProject("lorag.yaml"), "utf8").replace("documents: elsewhere", "documents: documents"),
    );
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
  });

  test("rows that cannot be read are told by their place", async () => {
    const file = inProject("examples.jsonl");
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, `${kept}\n{"prompt": "x",\n`);
    await go("examples");
    await see(/1 row cannot be read/);
    await see(/line 13/);
    writeFileSync(file, kept);
  });

  test("an address that leads nowhere says so", async () => {
    await page.goto(`${ui.address}nowhere`);
    await see("There is nothing here");
    await page.goto(`${ui.address}p/nobody/documents`);
    await see(/There is no project "nobody"/);
  });

  test("where scripts are blocked, the page says what it needs", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const blocked = await context.newPage();
    await blocked.goto(ui.address);
    expect(await blocked.locator("noscript").textContent()).toContain("This page needs JavaScript");
    await context.close();
  });

  test("everything on the way is reached by keyboard", async () => {
    await page.goto(`${ui.address}p/harbour/verdict`);
    await page.locator("#verdict").waitFor();
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });
});
