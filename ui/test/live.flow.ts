import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeTinyLlama } from "../../src/training/tiny-llama.case.ts";
import { enter, browserPath, noBrowser, openBrowser, openPage } from "./browser.case.ts";
import { makeRoot, quickProject } from "./projects.case.ts";
import { startUi, type RunningUi } from "./server.case.ts";

const pdf = fileURLToPath(
  new URL("../../examples/tidewater/documents/fleet/maintenance.pdf", import.meta.url),
);

const twoSeeds = `base_model: ./model
embedding_model: ../models/encoder
arms: [tuned, quote]
test_set_size: 0.5
training_seeds: 2
system_prompt: Be brief.
abstain_answer: None.
sequence_len: 128
micro_batch_size: 2
num_epochs: 40
evals_per_epoch: 1
max_new_tokens: 8
`;

/** A training of two seeds that is watched in two windows while its server goes and comes back. */
describe.skipIf(browserPath === undefined)(`a run as it is watched (skipped where ${noBrowser})`, () => {
  let root: string;
  let browser: Browser;
  let ui: RunningUi;
  let page: Page;

  beforeAll(async () => {
    root = makeRoot({ ...quickProject("seeds"), "seeds/lorag.yaml": twoSeeds });
    await writeTinyLlama(join(root, "seeds/model"));
    copyFileSync(pdf, join(root, "seeds/documents/maintenance.pdf"));
    browser = await openBrowser();
    ui = await startUi(root);
    ({ page } = await openPage(browser));
    page.setDefaultTimeout(90_000);
    await enter(page, ui.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ui?.stop();
  });

  test("both seeds have their curves; the server goes and comes back under two windows, which go on by themselves", async () => {
    await page.goto(`${ui.address}p/seeds/run`);
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("img", { name: /tuned/ }).first().waitFor();
    const context = await browser.newContext({ storageState: await page.context().storageState() });
    const other = await context.newPage();
    other.setDefaultTimeout(90_000);
    await other.goto(`${ui.address}p/seeds/run`);
    await other.getByRole("heading", { name: /Under way/ }).waitFor();
    const port = Number(new URL(ui.address).port);
    await ui.stop("SIGKILL");
    for (const window of [page, other]) await window.getByText("The line is cut").first().waitFor();
    ui = await startUi(root, { port, home: ui.home });
    for (const window of [page, other]) {
      await window.getByRole("heading", { name: /Done/ }).waitFor({ timeout: 150_000 });
      expect(await window.getByText("The line is cut").count()).toBe(0);
    }
    await expect.poll(() => page.locator(".charts").innerText(), { timeout: 10_000 }).toMatch(/tuned@seed43/);
    await context.close();
  });

  test("a document's passages say their page of the PDF, and an offset opens the one that holds it", async () => {
    await page.goto(`${ui.address}p/seeds/document?name=maintenance.pdf&at=400`);
    await page.getByRole("heading", { name: "The passage that was cited" }).waitFor();
    await page
      .locator("#cited")
      .getByText(/page \d+ · characters/)
      .waitFor();
    expect(
      await page.locator("#cited").evaluate((cited) => {
        const { top, bottom } = cited.getBoundingClientRect();
        return top < 900 && bottom > 0;
      }),
    ).toBe(true);
  });
});
