import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

/** A long section under its heading, which folds it away. */
export function fold(id: string, title: string, body: Markup, state: "open" | "closed"): Markup {
  const details = markup`<summary><h2 id="${id}">${title}</h2></summary>
    ${body}`;
  return markup`<section aria-labelledby="${id}">
    ${state === "open" ? markup`<details class="fold" open>${details}</details>` : markup`<details class="fold">${details}</details>`}
  </section>`;
}
