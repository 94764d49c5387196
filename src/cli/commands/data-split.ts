import { splitData } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function dataSplitCommand(session: Session): Promise<unknown> {
  const report = await splitData(await session.open());
  const { train, validation, test, leftOut, file } = report;
  session.print(
    `${train} to train on, ${validation} to validate, ${test} held out, ${leftOut} left out.\nWritten: ${file}\n`,
  );
  if (!report.isUsed)
    session.print("Add this line to lorag.yaml, so that every run uses it:\nsplits: splits.json\n");
  return report;
}
