import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { syncFolder } from "./atomic.ts";
import { brokenOff, openUrl } from "./http.ts";
import { ioError } from "./io-error.ts";
import { makeFolders } from "./make-folders.ts";
import { isProcessAlive } from "./process-identity.ts";
import { readAhead } from "./read-ahead.ts";

export interface Download {
  url: string;
  to: string;
  headers?: Record<string, string>;
  /** Bytes that the whole file must have. */
  size: number;
  /** Hex. `git` is the SHA-1 that git gives a blob, which is what the hub knows of small files. */
  hash: { sha256: string } | { git: string };
  signal?: AbortSignal;
  /** Bytes so far, those of an earlier attempt included. */
  onProgress?: (done: number) => void;
  connectMs?: number;
  /** Milliseconds without a byte after which a connection counts as dead. */
  idleMs?: number;
}

/** Attempts in a row that bring no byte. */
const idleAttempts = 5;

const retriable: ReadonlySet<string> = new Set(["LORAG_HTTP_CUT", "LORAG_UNREACHABLE", "LORAG_HTTP_STATUS"]);

/**
 * Fetches a file so that it is there whole and right, or not at all. What arrives is kept in a partial file beside
 * it, which a later attempt, in this process or the next, resumes (Range with If-Range). Processes that fetch the
 * same file at once each write their own partial file, and the last rename wins: the content is the same.
 * Throws what `openUrl` throws, LORAG_HTTP_CUT, LORAG_WRONG_HASH (the partial file is removed), LORAG_DISK_FULL (likewise).
 */
export async function download(request: Download): Promise<void> {
  const folder = dirname(request.to);
  try {
    await makeFolders(folder);
    const partial = await claimPartial(request);
    try {
      await fillPartial(request, partial);
      await verify(request, partial.path);
    } catch (error) {
      const failure = diskError(error, request.to);
      await (isHopeless(failure) ? rm(partial.path, { force: true }) : releasePartial(request, partial));
      throw failure;
    }
    await rename(partial.path, request.to);
    await syncFolder(folder);
  } catch (error) {
    throw diskError(error, request.to);
  }
}

/** A file under way. Its name holds the server's ETag, so that parts of two versions are never joined. */
interface Partial {
  path: string;
  etag: string | undefined;
}

function partialName({ to }: Download, etag: string | undefined, owner: string): string {
  return `.${basename(to)}.${Buffer.from(etag ?? "").toString("base64url")}.${owner}.partial`;
}

/** `0` marks a partial file that nobody is writing. */
const nobody = "0";
const newOwner = (): string => `${process.pid}-${randomBytes(4).toString("hex")}`;

/** Takes over the partial file of an attempt that ended, by renaming it (only one taker succeeds), or names a new one. */
async function claimPartial(request: Download): Promise<Partial> {
  const folder = dirname(request.to);
  const prefix = `.${basename(request.to)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".partial")) continue;
    const [encoded = "", owner = "", ...rest] = name.slice(prefix.length).split(".");
    if (rest.length !== 1) continue; // the partial file of a longer name
    const pid = Number(owner.split("-")[0]);
    if (owner !== nobody && isProcessAlive(pid)) continue;
    const etag = Buffer.from(encoded, "base64url").toString() || undefined;
    const path = join(folder, partialName(request, etag, newOwner()));
    try {
      await rename(join(folder, name), path);
      return { path, etag };
    } catch {
      // Another process took it in between.
    }
  }
  return { path: join(folder, partialName(request, undefined, newOwner())), etag: undefined };
}

async function releasePartial(request: Download, partial: Partial): Promise<void> {
  const path = join(dirname(request.to), partialName(request, partial.etag, nobody));
  await rename(partial.path, path).catch(() => {});
}

/** Appends until the file has its size, reconnecting while each connection brings something. */
async function fillPartial(request: Download, partial: Partial): Promise<void> {
  let failures = 0;
  let answered = false;
  for (;;) {
    const start = await sizeOf(partial.path);
    if (start > 0 && start === request.size) return;
    try {
      return await appendOnce(request, partial, start);
    } catch (error) {
      // The file has become shorter than its part here, which no later attempt could resume either.
      if (start > 0 && error instanceof LoragError && error.code === "LORAG_HTTP_RANGE") {
        await rm(partial.path);
        continue;
      }
      const code = error instanceof LoragError ? error.code : "";
      // Even a first connection may break before a byte of it is kept.
      answered ||= code === "LORAG_HTTP_CUT";
      failures = (await sizeOf(partial.path)) > start ? 0 : failures + 1;
      // A server that never answered is not worth waiting for; one that broke off is.
      if (!retriable.has(code) || !answered || failures >= idleAttempts) throw error;
      await pause(Math.min(250 * 2 ** failures, 4_000), request.signal);
    }
  }
}

/** One connection: continues at `start` where the server still has the same file, else starts again. */
async function appendOnce(request: Download, partial: Partial, start: number): Promise<void> {
  const idle = new AbortController();
  const resumes = start > 0 && start < request.size && partial.etag !== undefined;
  const response = await openUrl({
    url: request.url,
    headers: {
      ...request.headers,
      ...(resumes && { range: `bytes=${start}-`, "if-range": partial.etag! }),
    },
    signal: request.signal ? AbortSignal.any([request.signal, idle.signal]) : idle.signal,
    ...(request.connectMs !== undefined && { connectMs: request.connectMs }),
  });
  // At once: nothing is awaited between the first byte and its being read.
  const pieces = response.body ? readAhead(response.body) : [];
  const continues = resumes && response.headers.get("content-range")?.startsWith(`bytes ${start}-`) === true;
  await adoptEtag(request, partial, response.headers.get("etag"));
  const file = await open(partial.path, continues ? "a" : "w");
  let done = continues ? start : 0;
  let timer: NodeJS.Timeout | undefined;
  const expectBytes = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(), request.idleMs ?? 30_000);
  };
  try {
    expectBytes();
    for await (const piece of pieces) {
      expectBytes();
      done += piece.byteLength;
      if (done > request.size)
        throw wrongContent(request, `it is longer than the ${request.size} bytes announced`);
      await file.writeFile(piece);
      request.onProgress?.(done);
    }
    if (done < request.size) throw brokenOff(request.url, new Error(`cut off after ${done} bytes`));
    await file.sync();
  } catch (error) {
    request.signal?.throwIfAborted();
    // What fetch throws when a connection breaks is a TypeError; our own and the disk's errors pass.
    const broken = error instanceof TypeError || idle.signal.aborted;
    throw broken ? brokenOff(request.url, error) : error;
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

/** Weak ETags do not promise equal bytes (RFC 9110, 13.1.5), and a file name must stay short. */
async function adoptEtag(request: Download, partial: Partial, header: string | null): Promise<void> {
  const etag = header?.startsWith('"') && header.length <= 120 ? header : undefined;
  if (etag === partial.etag) return;
  const path = join(dirname(request.to), partialName(request, etag, newOwner()));
  if ((await sizeOf(partial.path)) > 0) await rename(partial.path, path);
  partial.path = path;
  partial.etag = etag;
}

async function verify(request: Download, path: string): Promise<void> {
  const [algorithm, expected] =
    "sha256" in request.hash
      ? (["sha256", request.hash.sha256] as const)
      : (["sha1", request.hash.git] as const);
  const hash = createHash(algorithm);
  if (algorithm === "sha1") hash.update(`blob ${request.size}\0`);
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
  const found = hash.digest("hex");
  if (found !== expected) throw wrongContent(request, `its ${algorithm} is ${found}, not ${expected}`);
}

function wrongContent({ url }: Download, what: string): LoragError {
  return new LoragError({
    code: "LORAG_WRONG_HASH",
    kind: "data",
    message: `What ${url} sent is not the file that was announced: ${what}`,
    next: "It was thrown away. Run the command again; if it happens twice, check the mirror or proxy in between.",
  });
}

/** Nothing of the partial file is worth keeping: the content is wrong, or it fills a full disk. */
function isHopeless(error: unknown): boolean {
  return error instanceof LoragError && ["LORAG_WRONG_HASH", "LORAG_DISK_FULL"].includes(error.code);
}

function diskError(error: unknown, path: string): unknown {
  const fromDisk = error instanceof Error && "syscall" in error;
  return fromDisk ? ioError(error, "write", path) : error;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
