import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFiles } from "../src/documents/index.ts";
import { makePdf } from "../src/documents/pdf/make-pdf.case.ts";
import { namedRandom, type Random } from "../src/random/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const folder = fileURLToPath(new URL("../../shared/data/ingest_docs", import.meta.url));
const count = Number(process.env["MUTATIONS"] ?? 2000);
/** Larger ones say no more, and take longer. */
const largest = 200_000;

/** What a damaged disk, a broken download or an attacker may do to a file. */
const mutations: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    for (let times = 1 + Math.floor(random() * 20); times > 0; times--)
      bytes[at(bytes, random)] = random() * 256;
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => bytes.fill(0, at(bytes, random), at(bytes, random)),
  (bytes, random) => {
    const [from, to] = [at(bytes, random), at(bytes, random)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + 5000), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const digits = [...bytes.keys()].filter((index) => bytes[index]! >= 0x30 && bytes[index]! <= 0x39);
    for (let times = 0; times < 5 && digits.length > 0; times++) {
      bytes[digits[Math.floor(random() * digits.length)]!] = 0x30 + Math.floor(random() * 10);
    }
    return bytes;
  },
  (bytes, random) => {
    const from = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + Math.floor(random() * 200))]);
  },
];

const at = (bytes: Buffer, random: Random): number => Math.floor(random() * bytes.length);

/** Files of every format, damaged in six ways: the run goes on, and no file takes longer than its limit. */
export async function run(): Promise<BenchResult> {
  const names = readdirSync(folder).filter((name) => /\.\w+$/.test(name));
  const originals = [
    ...names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
    { name: "made.pdf", bytes: Buffer.from(makePdf([[{ text: "Dogs pay 5 euros.", x: 60, y: 700 }]])) },
  ].filter(({ bytes }) => bytes.length <= largest);
  const random = namedRandom(1, "mutations");
  const files = Array.from({ length: count }, (_, index) => {
    const { name, bytes } = originals[index % originals.length]!;
    const mutate = mutations[Math.floor(random() * mutations.length)]!;
    const mutated = new Uint8Array(mutate(Buffer.from(bytes), random));
    return { id: `${index}-${name}`, read: () => Promise.resolve({ bytes: mutated }) };
  });
  let last = performance.now();
  const seconds: number[] = [];
  const { documents, skipped } = await readFiles(files, {
    onProgress: () => {
      const now = performance.now();
      seconds.push((now - last) / 1000);
      last = now;
    },
  });
  const slowest = Math.max(...seconds);
  const crashed = skipped.filter(({ code }) => code === "LORAG_UNREADABLE" || code === "LORAG_PARSE_TIMEOUT");
  return {
    bench: "mutations",
    machine: describeMachine(),
    rows: [
      {
        name: "survived",
        value: (documents.length + skipped.length) / count,
        unit: "share of files after which the run went on (1)",
        ours: `${documents.length} read, ${skipped.length} left out`,
        peer: `${crashed.length} of them by a parser that failed`,
      },
      {
        name: "slowest-s",
        value: round(slowest),
        unit: "seconds (60 at most)",
        ours: files[seconds.indexOf(slowest)]?.id ?? "-",
        peer: "-",
      },
    ],
  };
}
