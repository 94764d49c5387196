import { describeMachine, round, type BenchResult } from "./result.ts";
import { headRows } from "./banking77-heads.ts";
import { tfidfAccuracy } from "./tfidf-accuracy.ts";
import { splitBanking77, tuneBanking77 } from "./tune-banking77.ts";

/** Intents by fine-tuning: exact match of the generated label after one epoch; heads on MiniLM. Takes an hour. */
export async function run(): Promise<BenchResult> {
  const split = await splitBanking77(9600, 1500);
  const { accuracy } = await tuneBanking77(split, "int8");
  return {
    bench: "banking77",
    machine: describeMachine(),
    rows: [
      {
        name: "banking77-exact",
        value: round(accuracy),
        unit: `exact match on ${split.heldOut.length} held-out questions; peer: TF-IDF with logistic regression`,
        ours: round(accuracy),
        peer: round(tfidfAccuracy(split)),
      },
      ...(await headRows(["frozen", "lora"])),
    ],
  };
}
