import { createHash } from "node:crypto";
import type { Results } from "../contracts/index.ts";
import { markup, trust } from "./markup.ts";
import { writeQuestions } from "./questions.ts";
import { filterScript } from "./script.ts";
import { writeComparison, writeTypes } from "./figures-section.ts";
import { writeMethod } from "./method-section.ts";
import { writeCharts, writeHeader, writeVerdict } from "./sections.ts";
import { styleSheet } from "./style.ts";
import { writeTests } from "./tests-section.ts";

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page may run and be styled by exactly the script and the style sheet that are in it, and may load nothing. */
const policy = [
  "default-src 'none'",
  `script-src ${digest(filterScript)}`,
  `style-src ${digest(styleSheet)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The content of report.html: one file that needs no network, readable without scripts, in light and dark, on a phone. */
export function renderHtml(results: Results): string {
  const body = [
    writeHeader(results),
    markup`<main>
      ${writeVerdict(results)} ${writeCharts(results)} ${writeComparison(results)} ${writeTypes(results)}
      ${writeTests(results)} ${writeQuestions(results)} ${writeMethod(results)}
    </main>`,
  ];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${results.run.project}: ${results.verdict.headline}</title>
        ${trust(`<style>${styleSheet}</style>`)}
      </head>
      <body>
        ${body}
        ${trust(`<script>${filterScript}</script>`)}
      </body>
    </html>`.markup;
}
