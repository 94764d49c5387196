import { basename } from "node:path";
import { exportArm, type ExportOptions } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function exportCommand(session: Session, arm: string, options: ExportOptions): Promise<unknown> {
  const exported = await exportArm(await session.open(), arm, options);
  const { parity, folder, files } = exported;
  const same =
    parity.sameAnswers === null
      ? ""
      : `, ${(100 * parity.sameAnswers).toFixed(0)}% of the greedy answers the same`;
  session.print(
    `${exported.arm} is in ${folder}: ${files.map((file) => basename(file)).join(", ")}\n` +
      `parity on ${parity.examples} validation examples (${parity.tokens} tokens): largest difference in ` +
      `log-probability ${parity.largestDifference.toPrecision(3)} (at most ${parity.threshold})${same}\n`,
  );
  return exported;
}
