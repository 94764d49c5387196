/** Text that is safe to put into a page. Only `markup` and `trust` make it. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | null | readonly Value[];

/** A page's piece; every string and number put into it is escaped, `null` is nothing, lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: Value[]): Markup {
  const pieces = strings.map((text, index) => text + (index < values.length ? render(values[index]!) : ""));
  return { markup: pieces.join("") };
}

/** Takes text as markup. For our own constants only. */
export function trust(markup: string): Markup {
  return { markup };
}

function render(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return escapeText(String(value));
  if ("markup" in value) return value.markup;
  return value.map(render).join("");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For element content and quoted attributes alike. Control characters, which HTML does not allow, become U+FFFD. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char]!).replace(/[^\P{Cc}\t\n\r]/gu, "\uFFFD");
}
