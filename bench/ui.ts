import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { Results } from "../src/contracts/index.ts";
import { browserPath, noBrowser, openBrowser, openPage } from "../ui/test/browser.case.ts";
import { makeRoot, quickProject } from "../ui/test/projects.case.ts";
import { startUi } from "../ui/test/server.case.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const aims = {
  "first-load-kb": 250,
  "interactive-ms": 1000,
  "table-5000-frame-p95-ms": 32,
  "graph-5000-frame-p95-ms": 50,
  "project-100k-open-ms": 1500,
  "event-lag-p99-ms": 250,
} as const;
type Name = keyof typeof aims;

/** The built page in a real browser: what it loads, how soon it is there, and how smooth it stays. `npm run build` first. */
export async function run(): Promise<BenchResult> {
  if (browserPath === undefined) throw new Error(noBrowser);
  const root = makeRoot({ ...quickProject("small"), ...quickProject("wide"), ...largeProject("large") });
  cpSync("examples/starter", join(root, "starter"), { recursive: true });
  const browser = await openBrowser();
  const ui = await startUi(root, { home: mkdtempSync(join(tmpdir(), "lorag-home-")) });
  const found: Partial<Record<Name, number>> = {};
  try {
    const { page } = await openPage(browser, { width: 1280 });
    found["first-load-kb"] = await bytesOf(page, () => page.goto(ui.link));
    found["interactive-ms"] = await untilSeen(page, ui.address, "h1");
    found["project-100k-open-ms"] = await untilSeen(page, `${ui.address}p/large/documents`, ".list-row");
    found["event-lag-p99-ms"] = await eventLag(page, ui.address);
    await compareOnce(page, ui.address, "wide");
    widenResults(join(root, "wide/.lorag/results.json"));
    await page.goto(`${ui.address}p/wide/verdict`);
    await page.locator(".question-row").first().waitFor();
    found["table-5000-frame-p95-ms"] = await framesWhile(page, "scrollBy(0, 240)");
    await page.route("**/graph?*", (route) => route.fulfill({ json: largeGraph(5000) }));
    await page.goto(`${ui.address}p/small/graph?around=hub`);
    await page.locator(".drawing canvas").first().waitFor({ timeout: 60_000 });
    await page.mouse.move(500, 500);
    found["graph-5000-frame-p95-ms"] = await framesWhile(
      page,
      "document.querySelector('.drawing canvas:last-of-type').dispatchEvent(new WheelEvent('wheel', { deltaY: (window.__turn = -(window.__turn ?? 40)), clientX: 500, clientY: 500, bubbles: true }))",
    );
  } finally {
    await browser.close();
    await ui.stop();
    rmSync(root, { recursive: true, force: true });
  }
  return {
    bench: "ui",
    machine: describeMachine(),
    rows: Object.entries(found).map(([name, value]) => ({
      name,
      value: round(value),
      unit: "lower is better; peer is the aim",
      ours: round(value),
      peer: aims[name as Name],
    })),
  };
}

/** 1,000 documents of 100 short passages. */
function largeProject(name: string): Record<string, string> {
  const passage = (document: number, number: number): string =>
    `## Part ${number}\n\nIn document ${document}, part ${number} says that the price is ${document + number} crowns for a day at the quay.\n`;
  const documents = Array.from({ length: 1000 }, (_, document) => [
    `${name}/documents/${document}.md`,
    `# Document ${document}\n\n${Array.from({ length: 100 }, (_, number) => passage(document, number)).join("\n")}`,
  ]);
  return {
    [`${name}/lorag.yaml`]: "arms: [quote]\nretrieval:\n  chunk_tokens: 32\n",
    ...(Object.fromEntries(documents) as Record<string, string>),
  };
}

/** Kilobytes that cross the line until the view is quiet. */
async function bytesOf(page: Page, load: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const sizes: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    sizes.push(
      request.sizes().then(
        (size) => void (bytes += size.responseBodySize),
        () => {},
      ),
    );
  });
  await load();
  await page.waitForLoadState("networkidle");
  await Promise.all(sizes);
  page.removeAllListeners("requestfinished");
  return bytes / 1000;
}

/** From the navigation's start until something is on the page; the best of three. */
async function untilSeen(page: Page, address: string, selector: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await page.goto(address, { waitUntil: "commit" });
    await page.locator(selector).first().waitFor({ timeout: 60_000 });
    times.push(await page.evaluate<number>("performance.now()"));
  }
  return Math.min(...times);
}

/** 95th percentile of the time between frames, in ms, while something is done at each of 120 frames. */
function framesWhile(page: Page, action: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const times = []; let last;
    const frame = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (times.length === 120) { times.sort((a, b) => a - b); resolve(times[Math.floor(0.95 * times.length)]); return; }
      ${action};
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
}

async function start(page: Page, address: string, project: string, arms: string[]): Promise<string> {
  const made = await page.request.post(`${address}api/projects/${project}/runs`, {
    data: { arms, curve: false },
  });
  return ((await made.json()) as { id: string }).id;
}

/** From the moment that a run writes an event until the page hears it, while both cores train. */
async function eventLag(page: Page, address: string): Promise<number> {
  await page.goto(address);
  const id = await start(page, address, "starter", ["tuned"]);
  const lags = await page.evaluate<number[]>(`new Promise((resolve) => {
    const lags = [];
    const source = new EventSource("/api/projects/starter/runs/${id}/events");
    source.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (event.progress?.stage?.startsWith("train/")) lags.push(Date.now() - Date.parse(event.at));
      if (lags.length >= 60 || event.kind === "ended") { source.close(); resolve(lags); }
    });
  })`);
  await page.request.post(`${address}api/projects/starter/runs/${id}/stop`, { data: {} });
  lags.sort((a, b) => a - b);
  return lags[Math.floor(0.99 * lags.length)] ?? Number.NaN;
}

async function compareOnce(page: Page, address: string, project: string): Promise<void> {
  const id = await start(page, address, project, ["quote"]);
  for (;;) {
    const run = (await (await page.request.get(`${address}api/projects/${project}/runs/${id}`)).json()) as {
      state: string;
    };
    if (run.state === "done") return;
    if (run.state !== "running") throw new Error(`the run of ${project} is ${run.state}`);
    await page.waitForTimeout(500);
  }
}

/** The same results with 5,000 questions and six arms. */
function widenResults(file: string): void {
  const results = JSON.parse(readFileSync(file, "utf8")) as Results;
  const [arm] = results.arms;
  const names = ["a", "b", "c", "d", "e", "f"];
  results.arms = names.map((name) => ({ ...arm!, name }));
  results.questions = Array.from({ length: 5000 }, (_, index) => {
    const like = results.questions[index % results.questions.length]!;
    const answer = Object.values(like.arms)[0]!;
    return {
      ...like,
      id: `${like.id}-${index}`,
      arms: Object.fromEntries(names.map((name) => [name, answer])),
    };
  });
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify(results));
}

function largeGraph(count: number): object {
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    kind: index % 3 === 0 ? "passage" : "name",
    label: index === 0 ? "hub" : `node ${index}`,
  }));
  const links = nodes.slice(1).flatMap(({ id }, index) => [
    { source: id, target: `n${Math.floor(index / 3)}`, kind: "mentions", weight: 1 },
    { source: id, target: `n${(index * 7) % count}`, kind: "mentions", weight: 1 },
  ]);
  return { documents: 1, passages: count, entities: count, communities: 1, commonest: [], nodes, links };
}
