import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine; undefined where there is none, which the tests then say. */
export const browserPath: string | undefined = [process.env["CHROMIUM"] ?? "", ...usual].find((path) =>
  existsSync(path),
);

export const noBrowser = "no Chromium is installed here: apt-get install chromium, or name one in CHROMIUM";

export function openBrowser(more: string[] = []): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-dev-shm-usage", ...more];
  return chromium.launch({ executablePath: browserPath!, args });
}

export interface Watched {
  page: Page;
  /** Faults that the page's console told. */
  faults: string[];
  /** Addresses outside the server that something was asked of. */
  left: string[];
  /** Resolves once the page has asked for nothing for a tenth of a second; streams that stay open do not count. */
  settle(): Promise<void>;
}

/** A new page of its own browser context that tells what went wrong in it. */
export async function openPage(
  browser: Browser,
  options: { width?: number; dark?: boolean } = {},
): Promise<Watched> {
  const { width = 1024, dark = false } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const faults: string[] = [];
  const left: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (?:4|5)\d\d/.test(message.text()))
      faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1:\d+\/|data:|blob:)/.test(request.url())) left.push(request.url());
  });
  return { page, faults, left, settle: watchRequests(page) };
}

/** Opens the page by its link, as far as the list of projects. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("heading", { name: "Projects" }).waitFor();
}

const quietMs = 100;
const mostMs = 60_000;

function watchRequests(page: Page): () => Promise<void> {
  const open = new Set<unknown>();
  let last = Date.now();
  page.on("request", (request) => {
    if (request.resourceType() === "eventsource") return;
    open.add(request);
    last = Date.now();
  });
  const close = (request: unknown): void => {
    if (open.delete(request)) last = Date.now();
  };
  page.on("requestfinished", close).on("requestfailed", close);
  return async () => {
    last = Date.now();
    for (const began = last; open.size > 0 || Date.now() - last < quietMs;) {
      if (Date.now() - began > mostMs) throw new Error(`${open.size} requests are still open`);
      await page.waitForTimeout(20);
    }
  };
}
