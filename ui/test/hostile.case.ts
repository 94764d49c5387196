const marker = "window.__ran=(window.__ran||0)+1";
const away = "https://away.invalid/x";

/** Texts that would run, load, lead away or break the layout, were they taken for more than text. */
const seeds = [
  `<script>${marker}</script>`,
  `<img src=x onerror="${marker}">`,
  `<img src="${away}.png">`,
  `<svg onload="${marker}"><script>${marker}</script></svg>`,
  `<iframe srcdoc="<script>parent.${marker}</script>"></iframe>`,
  `<a href="javascript:${marker}">click</a>`,
  `[click](javascript:${marker})`,
  `![x](${away}.png)`,
  `<style>@import "${away}.css";*{display:none}</style>`,
  `<link rel=stylesheet href="${away}.css">`,
  `<meta http-equiv=refresh content="0;url=${away}">`,
  `<base href="${away}">`,
  `<form action="${away}"><button>go</button></form>`,
  `<details open ontoggle="${marker}">`,
  `<math><mi xlink:href="javascript:${marker}">x</mi></math>`,
  `"><script>${marker}</script>`,
  `'-${marker}-'`,
  `\${${marker}}{{constructor.constructor('${marker}')()}}`,
  `</title></textarea></style></script><script>${marker}</script>`,
  `<video src="${away}.mp4" autoplay onerror="${marker}">`,
  `\u202Egnp.exe\u202C reversed`,
  `${"\u0301".repeat(300)}zalgo`,
  `${"W".repeat(2000)}`,
  `${"a ".repeat(50_000)}`,
  `\u0000\u0007\u001B[31m control`,
  `\u{1F468}\u200D\u{1F469}\u200D\u{1F467}`.repeat(40),
  `=HYPERLINK("${away}")`,
  `__proto__`,
  `${away} //away.invalid/x`,
  "| a | b |\n|---|---|\n```html\n<b>\n```",
];

export const hostileKinds = seeds.length;

/** 300 of them, each told apart; the long ones are there in full once, as each costs a hundred passages. */
export const hostileTexts: string[] = Array.from({ length: 300 }, (_, index) => {
  const seed = seeds[index % seeds.length]!;
  return index < seeds.length ? seed : `${index} ${seed.slice(0, 300)}`;
});

/** What a file's name can hold of a text. */
const asName = (text: string): string =>
  text
    .replace(/[/\\\0]/g, "∕")
    .replace(/^\.+/, "")
    .slice(0, 50) || "empty";

/** A project in which every text is hostile: names and titles of documents, texts, questions, golds and labels. */
export function hostileProject(): Record<string, string> {
  const documents = hostileTexts.map((text, index) => [
    `hostile/documents/${index} ${asName(text)}.md`,
    `# Title ${text.replace(/\n/g, " ")}\n\nFact ${index}: ${text.slice(0, 100_000)}\n`,
  ]);
  const examples = hostileTexts.map((text, index) =>
    JSON.stringify({
      prompt: `Fact ${index}: what is ${text}?`,
      completion: text,
      metadata: { id: `h${index} ${text.slice(0, 40)}`, type: text.slice(0, 60) },
    }),
  );
  return {
    "hostile/lorag.yaml":
      "embedding_model: ../models/encoder\narms: [quote]\ntest_set_size: 150\nsplit_by: random\nretrieval:\n  mode: bm25\n",
    "hostile/examples.jsonl": examples.join("\n"),
    ...(Object.fromEntries(documents) as Record<string, string>),
  };
}
