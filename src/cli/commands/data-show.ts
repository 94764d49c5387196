import { showExample, showParts } from "../../pipeline/index.ts";
import { counted } from "../../text/index.ts";
import type { Session } from "../session.ts";

export async function dataShowCommand(session: Session, name: string | undefined): Promise<unknown> {
  const context = await session.open();
  if (name === undefined) {
    const parts = await showParts(context);
    if (parts.refused.length > 0) {
      session.print(`${counted(parts.refused.length, "row")} cannot be read, so that nothing is used:\n`);
      for (const { place, problem } of parts.refused) session.print(`  ${place}: ${problem}\n`);
      return parts;
    }
    session.print(`${parts.train} to train on, ${parts.validation} to validate, ${parts.test} held out.\n`);
    session.print(
      `${counted(parts.leftOut.length, "example")} left out${parts.leftOut.length > 0 ? ":" : "."}\n`,
    );
    for (const { id, reason } of parts.leftOut) session.print(`  ${id}: ${reason}\n`);
    return parts;
  }
  const shown = await showExample(context, name);
  session.print(`${shown.id} (${shown.part})\n`);
  session.print(
    `Documents: ${shown.documents === null ? "unknown" : shown.documents.join(", ") || "none answers it"}\n`,
  );
  const { trained, promptTokens } = shown;
  const tokens = promptTokens === null ? "" : `, ${counted(promptTokens, "token")}, not trained`;
  session.print(`\nPrompt${tokens}:\n${indent(shown.prompt)}\n`);
  session.print(
    trained === null
      ? "\nNot trained: the model is behind an endpoint.\n"
      : `\nTrained, ${counted(trained.length, "token")}, parted by |:\n${indent(trained.join("|"))}\n`,
  );
  const { mode, why, golds, settings, steps } = shown.grading;
  const { mode: _, ...more } = settings;
  session.print(
    `\nGraded by: ${mode}${Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : ""}. ${why}\n`,
  );
  if (golds.length > 1) session.print(indent(`also right: ${golds.slice(1).join(", ")}`) + "\n");
  for (const step of steps) session.print(`${indent(step)}\n`);
  return shown;
}

const indent = (text: string): string => text.trimEnd().replace(/^/gm, "  ");
