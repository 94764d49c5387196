import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendJson, startServer } from "../../src/inference/endpoint/test-server.case.ts";
import { canMount } from "../../src/platform/faults.case.ts";
import { writeTinyLlama } from "../../src/training/tiny-llama.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage } from "./browser.case.ts";
import { makeRoot, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

const good = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10"];
const bad = ["locked", "gone"];

const twelveArms = (endpoint: string): string =>
  [
    "models:",
    ...[...good, ...bad].map(
      (name) =>
        `  ${name}: { endpoint: "${endpoint}", model: ${name}, input_mtok: 1, output_mtok: 10, api_key_env: LORAG_TEST_KEY }`,
    ),
    "arms:",
    ...[...good, ...bad].map((name) => `  - { name: of-${name}, preset: base, model: ${name} }`),
    "test_set_size: 0.5",
  ].join("\n");

const training = `base_model: ./model
embedding_model: ../models/encoder
arms: [tuned]
test_set_size: 0.5
system_prompt: Be brief.
abstain_answer: None.
sequence_len: 128
micro_batch_size: 2
num_epochs: 60
evals_per_epoch: 1
max_new_tokens: 8
`;

/** What goes wrong on the way, each on its own: one server for all of them. */
describe.skipIf(browserPath === undefined)(`trouble (skipped where ${noBrowser})`, () => {
  let root: string;
  let browser: Browser;
  let ui: RunningUi;
  let page: Page;
  const inRoot = (...parts: string[]): string => join(root, ...parts);
  const go = (view: string): Promise<unknown> => page.goto(`${ui.address}p/${view}`);
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

  beforeAll(async () => {
    const { entry } = await startServer(({ method, body }, response) => {
      if (method === "GET") return sendJson(response, 200, { data: [{ id: "m1" }] });
      const model = body["model"] as string;
      if (model === "locked") return sendJson(response, 401, { error: { message: "bad key" } });
      if (model === "gone") return sendJson(response, 404, { error: { message: "no such model" } });
      const asked = (body["messages"] as { content: string }[]).at(-1)!.content;
      sendJson(response, 200, {
        model,
        choices: [{ message: { content: `${asked.length % 9} crowns a day` }, finish_reason: "stop" }],
        usage: { prompt_tokens: 10, completion_tokens: 2 },
      });
    });
    process.env["LORAG_TEST_KEY"] = "sk-wrong";
    root = makeRoot({
      ...quickProject("many"),
      "many/lorag.yaml": twelveArms(entry().endpoint),
      ...quickProject("slow"),
      "slow/lorag.yaml": training,
      ...quickProject("wide"),
    });
    await writeTinyLlama(inRoot("slow/model"));
    browser = await openBrowser();
    ui = await startUi(root);
    ({ page } = await openPage(browser, { width: 1280 }));
    page.setDefaultTimeout(90_000);
    page.on("dialog", (dialog) => void dialog.accept());
    await enter(page, ui.link);
  });
  afterAll(async () => {
    delete process.env["LORAG_TEST_KEY"];
    await browser?.close();
    await ui?.stop();
  });

  test("a run in mid-training is the same after a reload and in a second tab, which can pause it", async () => {
    await go("slow/run");
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("img", { name: /tuned/ }).first().waitFor();
    await page.reload();
    await page.getByRole("heading", { name: /Under way/ }).waitFor();
    await page.getByRole("img", { name: /tuned/ }).first().waitFor();
    const other = await page.context().newPage();
    await other.goto(`${ui.address}p/slow/run`);
    await other.getByRole("button", { name: "Pause" }).click();
    for (const tab of [page, other]) await tab.getByRole("heading", { name: /Paused/ }).waitFor();
    // What was learnt is still there, in both.
    for (const tab of [page, other]) await tab.getByRole("img", { name: /tuned/ }).first().waitFor();
    await other.close();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: /Under way|Done/ }).waitFor();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    await page.getByRole("link", { name: "See the verdict" }).click();
    await page.locator("#verdict").waitFor();
  });

  test("twelve arms of which two fail: a wrong key and a model that is gone are told, the others compared", async () => {
    await go("many/run");
    await page.locator(".choice input:checked").nth(11).waitFor();
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    await page.getByRole("link", { name: "See the verdict" }).click();
    await see(/of-locked failed and is not compared/);
    await see(/of-gone failed and is not compared/);
    expect(await page.getByText("sk-wrong").count()).toBe(0);
    for (const width of [360, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await page.locator(".question-row").first().locator(".mark").count()).toBe(10);
  });

  test("documents deleted after the run: its verdict, questions and passages stay, a citation says what is gone", async () => {
    await go("wide/run");
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
    rmSync(inRoot("wide/documents"), { recursive: true });
    await go("wide/verdict");
    await page.locator("#verdict").waitFor();
    await page.locator(".question-row").first().click();
    await page.locator(".passages p.lines").first().waitFor();
    await page.locator(".citations a").first().click();
    await see(/There is no document/);
    await go("wide/documents");
    await see("There are no documents yet");
  });

  test("a folder of 10,000 files is asked about, sent a few at a time, and can be stopped", async () => {
    await go("wide/documents");
    await page.locator(".drop").waitFor();
    await page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      for (let i = 0; i < 10000; i++) dataTransfer.items.add(new File(["# File " + i + "\\n\\nText.\\n"], "f" + i + ".md"));
      document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
    await see(/of 10,000 files sent/);
    await see(/^[2-9]\d\d of 10,000 files sent/);
    await page.getByRole("button", { name: "Stop adding" }).click();
    await see(/of 10,000 files done/);
    await page.reload();
    await see(/\d+ documents/);
    expect(existsSync(inRoot("wide/documents/f100.md"))).toBe(true);
    expect(existsSync(inRoot("wide/documents/f9999.md"))).toBe(false);
  });

  test("a file of 2 GB is refused before it is sent", async () => {
    const huge = inRoot("huge.txt");
    const file = openSync(huge, "w");
    ftruncateSync(file, 2 * 2 ** 30);
    closeSync(file);
    await go("wide/documents");
    await page.locator("input[type=file]").setInputFiles(huge);
    await see(/huge\.txt: It has .* at most; split it into parts/);
    rmSync(huge);
  });

  test("2 GB sent past the page are refused in bounded memory, and nothing is kept of them", async () => {
    const cookies = await page.context().cookies();
    const answer = await sendEndlessly(
      `${ui.address}api/projects/wide/documents/file?name=huge.txt`,
      cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    );
    expect(answer).toBe(413);
    expect(existsSync(inRoot("wide/documents/huge.txt"))).toBe(false);
    if (process.platform === "linux") {
      const [, most] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${ui.child.pid}/status`, "utf8"))!;
      expect(Number(most)).toBeLessThan(700_000);
    }
  });

  test("a config made by a newer version is told by its line, and the text is still there to look at", async () => {
    writeFileSync(inRoot("wide/lorag.yaml"), "arms: [quote]\nkey_of_tomorrow: 1\n");
    await page.goto(ui.address);
    await see(/key_of_tomorrow/);
    await go("wide/config");
    await see(/lorag\.yaml:2:1 unknown key `key_of_tomorrow`/);
    await page.getByRole("tab", { name: "YAML" }).click();
    expect(await page.getByLabel("lorag.yaml").inputValue()).toContain("key_of_tomorrow");
  });

  test.skipIf(!canMount)("on a full disk nothing is half-written, and the page says why", async () => {
    const small = makeRoot(quickProject("harbour"));
    const full = await startUi(small, { disk: "6m" });
    const other = await openPage(browser);
    try {
      const kept = join(`/proc/${full.child.pid}/root`, small, "harbour");
      await enter(other.page, full.link);
      await other.page.goto(`${full.address}p/harbour/documents`);
      await other.page
        .locator("input[type=file]")
        .setInputFiles([{ name: "large.txt", mimeType: "text/plain", buffer: Buffer.alloc(8e6, "word ") }]);
      await other.page.getByText(/large\.txt: .*the disk is full/).waitFor();
      expect(existsSync(join(kept, "documents/large.txt"))).toBe(false);
      // The last bytes go to something else.
      const filler = openSync(join(kept, "filler"), "w");
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(4096, 1));
      } catch {
        closeSync(filler);
      }
      const before = readFileSync(join(kept, "lorag.yaml"), "utf8");
      await other.page.goto(`${full.address}p/harbour/config`);
      await other.page.getByRole("tab", { name: "YAML" }).click();
      await other.page.getByLabel("lorag.yaml").fill(`${before}seed: 5\n`);
      await other.page.getByRole("button", { name: "Save" }).click();
      await other.page.getByText(/the disk is full/).waitFor();
      expect(readFileSync(join(kept, "lorag.yaml"), "utf8")).toBe(before);
      await other.page.goto(`${full.address}p/harbour/run`);
      await other.page.getByRole("button", { name: "Start the run" }).click();
      await other.page
        .getByText(/the disk is full/)
        .first()
        .waitFor();
    } finally {
      await other.page.context().close();
      await full.stop();
    }
  });

  test("without WebGL the graph is told in words", async () => {
    const blind = await page.context().newPage();
    blind.setDefaultTimeout(90_000);
    await blind.addInitScript(
      "const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return /webgl/.test(kind) ? null : get.call(this, kind, ...more); };",
    );
    await blind.goto(`${ui.address}p/many/graph`);
    await blind.locator(".list-row a").first().click();
    await blind.getByRole("heading", { name: "In words" }).waitFor();
    await blind.getByText(/This browser draws no WebGL/).waitFor();
    await blind.close();
  });
});

/** Sends 2 GB without saying how many; resolves to the status of the answer, which comes long before their end. */
function sendEndlessly(address: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method: "PUT", headers: { cookie } }, (response) => {
      resolve(response.statusCode!);
      response.resume();
      sent.destroy();
    });
    sent.on("error", reject);
    const piece = Buffer.alloc(2 ** 20, "word ");
    let left = 2048;
    const write = (): void => {
      while (left-- > 0 && !sent.destroyed) if (!sent.write(piece)) return void sent.once("drain", write);
      sent.end();
    };
    write();
  });
}
