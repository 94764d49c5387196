import { join } from "node:path";
import type { ChatFeedback } from "../../contracts/index.ts";
import { appendJsonLine, sha256 } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

export const chatExamplesFile = "chat-examples.jsonl";

/**
 * Keeps what was said of an answer: one that is good, or was put right, as an example with where it came from, which the
 * next run can train on or hold out; one that is only bad beside them, as it has no gold. Tells the file.
 */
export async function keepFeedback({ folder }: Project, feedback: ChatFeedback): Promise<{ file: string }> {
  const { question, answer, model, isGood, corrected } = feedback;
  const when = new Date().toISOString();
  const gold = corrected ?? (isGood ? answer : undefined);
  if (gold === undefined) {
    const file = "chat-feedback.jsonl";
    await appendJsonLine(join(folder, file), { ...feedback, when });
    return { file };
  }
  const id = `chat-${sha256(JSON.stringify([question, gold, when])).slice(0, 12)}`;
  const metadata = { id, source: "chat", model, when, ...(corrected !== undefined && { answered: answer }) };
  await appendJsonLine(join(folder, chatExamplesFile), { prompt: question, completion: gold, metadata });
  return { file: chatExamplesFile };
}
