import { describeMachine, round, type BenchResult } from "./result.ts";
import { headRows, meanOver } from "./banking77-heads.ts";
import { tfidfAccuracy } from "./tfidf-accuracy.ts";
import { splitBanking77, tuneBanking77 } from "./tune-banking77.ts";

const epochs = 3;

/** Intents by fine-tuning: exact match of the generated label after one epoch and after three; heads on MiniLM. Takes hours. */
export async function run(): Promise<BenchResult> {
  const split = await splitBanking77(9600, 1500);
  const exact = round((await tuneBanking77(split, "int8")).accuracy);
  const rows = [
    {
      name: "banking77-exact",
      value: exact,
      unit: `exact match on ${split.heldOut.length} held-out questions after one epoch; peer: TF-IDF with logistic regression`,
      ours: exact,
      peer: round(tfidfAccuracy(split)),
    },
    ...(await headRows(["frozen", "lora"])),
  ];
  const floor = rows.find(({ name }) => name === "floor-tfidf")!.value;
  const values = await meanOver(
    async (parts, seed) => (await tuneBanking77(parts, "int8", seed, epochs)).accuracy,
  );
  rows.push({
    name: "sft-lora-smollm2",
    value: round(values.reduce((a, b) => a + b, 0) / values.length),
    unit: `exact match on a fifth of each intent, mean of ${values.length} splits`,
    ours: values.map((value) => value.toFixed(4)).join(", "),
    peer: floor,
  });
  return { bench: "banking77", machine: describeMachine(), rows };
}
