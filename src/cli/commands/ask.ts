import { ask } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function askCommand(
  session: Session,
  question: string,
  options: { arm: string },
): Promise<unknown> {
  let streamed = "";
  const answer = await ask(await session.open(), {
    question,
    ...(options.arm !== "best" && { arm: options.arm }),
    onText: (text) => {
      streamed += text;
      session.print(text);
    },
  });
  // An arm that retrieves is heard so far as its sentences were borne out when they were written.
  const heard = streamed.trim() === "" ? "" : streamed;
  session.print(`${answer.text.startsWith(heard) ? answer.text.slice(heard.length) : ""}\n`);
  for (const citation of answer.citations) {
    const place = [...new Set([citation.title, ...citation.headings])].join(" > ");
    const doubt = citation.verdict === "supported" ? "" : "  (does not bear the answer out)";
    session.print(`  [${citation.marker}] ${place}, ${citation.documentId}${doubt}\n`);
  }
  session.note(`${answer.arm}, ${(answer.latencyMs / 1000).toFixed(1)} s`);
  return { question, ...answer };
}
