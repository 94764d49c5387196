import { importAdapter } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function importCommand(
  session: Session,
  folder: string,
  options: { name: string; anyBase?: boolean },
): Promise<unknown> {
  const imported = await importAdapter(await session.open(), folder, options);
  const { name, path, rank, modules, parity, change } = imported;
  session.print(
    `rank ${rank} on ${modules} layers, now in ${path}\n` +
      `beside the base and merged into it, over ${parity.tokens} tokens of ${parity.examples} examples, the largest difference in ` +
      `log-probability is ${parity.largestDifference.toPrecision(2)}; against the bare base it is ${change.toPrecision(2)}\n\n` +
      `To compare it, add to \`arms\` in lorag.yaml:\n` +
      `  - name: ${name}\n    preset: base   # or rag, where it was trained on passages\n    adapter: ${path}\n`,
  );
  return imported;
}
