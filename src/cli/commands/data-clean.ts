import { cleanData } from "../../pipeline/index.ts";
import { counted } from "../../text/index.ts";
import type { Session } from "../session.ts";

interface Options {
  out: string;
  drop?: string;
  mask?: boolean;
  html?: boolean;
  heldOut: string[];
  names?: string;
}

export async function dataCleanCommand(
  session: Session,
  files: string[],
  { drop, mask = false, html = false, ...options }: Options,
): Promise<unknown> {
  const context = await session.open({ orDefault: files.length > 0 });
  const cleaned = await cleanData(context, {
    ...options,
    files,
    mask,
    html,
    drop: drop?.split(",").map((check) => check.trim()),
    names: options.names,
  });
  const { kept, dropped, changed, refused } = cleaned;
  session.print(
    `${counted(kept, "example")} kept, ${changed} of them changed; ${dropped} left out, ${counted(refused, "row")} could not be read.\n` +
      `Written: ${cleaned.file}\nEvery change: ${cleaned.log}\n`,
  );
  return cleaned;
}
