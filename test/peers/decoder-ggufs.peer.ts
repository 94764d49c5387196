import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openModel, resolveModel } from "../../src/models/index.ts";
import { adapterLogits } from "../../src/models/decoder/adapter-logits.case.ts";
import { goldenDecoders } from "../../src/models/decoder/golden-decoders.case.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");
const folder = mkdtempSync(join(tmpdir(), "lorag-ggufs-"));
const run = spawnSync(python, ["test/golden/decoder_ggufs.py", folder], {
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
if (run.status !== 0) throw new Error(run.stderr || String(run.error));
const files = JSON.parse(run.stdout.trim().split("\n").at(-1)!) as Record<
  string,
  { file: string; logits: number[] }
>;

test.each(Object.entries(files))(
  "the GGUF of %s gives transformers' logits",
  async (name, { file, logits: expected }) => {
    const { ids } = goldenDecoders[name]!;
    const model = await openModel(await resolveModel(join(folder, file)));
    const none = { rank: 1, alpha: 1, dropout: 0, targets: "all-linear" } as const;
    // An adapter of zeros changes nothing.
    const logits = await adapterLogits(
      join(folder, `${file}-compiled`),
      model,
      ids,
      none,
      ({ size }) => new Float32Array(size),
    );
    const gaps = expected.map((value, i) => Math.abs(logits[i]! - value));
    expect(Math.max(...gaps)).toBeLessThan(1e-3);
  },
);
