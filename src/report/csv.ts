import type { Results } from "../contracts/index.ts";

/** A row for each question: its gold, and what each arm answered and whether that is right. RFC 4180. */
export function renderCsv({ arms, questions }: Results): string {
  const names = arms.flatMap((arm) => (arm.status === "ok" ? [arm.name] : []));
  const head = [
    "id",
    "type",
    "question",
    "gold",
    ...names.flatMap((name) => [name, `${name} right`, `${name} why`]),
  ];
  const rows = questions.map(({ id, type, prompt, gold, arms: answers }) => [
    id,
    type ?? "",
    prompt.findLast(({ role }) => role === "user")?.content ?? "",
    gold,
    ...names.flatMap((name) => {
      const answer = answers[name];
      return answer ? [answer.text, String(answer.scores.correct), answer.why ?? ""] : ["", "", ""];
    }),
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would take for a formula is kept a text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
