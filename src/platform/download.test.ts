import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { download } from "./download.ts";
import { fetchJson } from "./http.ts";
import { canMount, onSmallDisk } from "./faults.case.ts";

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7));
const sha256 = createHash("sha256").update(content).digest("hex");
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
async function serve(handler: Handler): Promise<{ url: string; requests: IncomingMessage["headers"][] }> {
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, requests };
}

/** Answers ranges as a hub does, cutting the connection after `cut` bytes of each answer. */
const rangeServer =
  (options: { cut?: number; etag?: string; body?: Buffer } = {}): Handler =>
  (request, response) => {
    const { cut = Infinity, etag = '"v1"', body = content } = options;
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const start = asked && request.headers["if-range"] === etag ? Number(asked[1]) : 0;
    response.writeHead(start ? 206 : 200, {
      etag,
      "content-length": body.length - start,
      ...(start && { "content-range": `bytes ${start}-${body.length - 1}/${body.length}` }),
    });
    if (cut >= body.length - start) return void response.end(body.subarray(start));
    response.write(body.subarray(start, start + cut), () => setTimeout(() => response.destroy(), 20));
  };

const folder = () => mkdtempSync(join(tmpdir(), "lorag-download-"));
const job = (url: string, to: string) => ({ url, to, size: content.length, hash: { sha256 } });

test("a file arrives whole, with progress, and nothing else is left", async () => {
  const { url } = await serve(rangeServer());
  const root = folder();
  const seen: number[] = [];
  await download({ ...job(url, join(root, "f")), onProgress: (done) => seen.push(done) });
  expect(readFileSync(join(root, "f")).equals(content)).toBe(true);
  expect(seen.at(-1)).toBe(content.length);
  expect(readdirSync(root)).toEqual(["f"]);
});

test("a cut connection is taken up where it broke", async () => {
  const { url, requests } = await serve(rangeServer({ cut: 90_000 }));
  const root = folder();
  await download(job(url, join(root, "f")));
  expect(readFileSync(join(root, "f")).equals(content)).toBe(true);
  expect(requests.length).toBeGreaterThan(2);
  expect(requests).toContainEqual(
    expect.objectContaining({ range: expect.stringMatching(/^bytes=[1-9]/), "if-range": '"v1"' }),
  );
});

test("a first connection that is cut before a byte of it is kept is taken up as well", async () => {
  let first = true;
  const { url, requests } = await serve((request, response) => {
    if (!first) return rangeServer()(request, response);
    first = false;
    response.writeHead(200, { etag: '"v1"', "content-length": content.length }).flushHeaders();
    setTimeout(() => response.destroy(), 20);
  });
  const target = folder();
  await download(job(url, join(target, "f")));
  expect(requests).toHaveLength(2);
  expect(readdirSync(target)).toEqual(["f"]);
});

test("a server that always breaks off is given up, and that is what is said", async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { "content-length": content.length }).flushHeaders();
    setTimeout(() => response.destroy(), 5);
  });
  const target = folder();
  await expect(download(job(url, join(target, "f")))).rejects.toMatchObject({ code: "LORAG_HTTP_CUT" });
}, 60_000);

const program = (job: object) =>
  `import { download } from ${JSON.stringify(new URL("./download.ts", import.meta.url).href)};
   await download(${JSON.stringify(job)}).catch((error) => { console.log(error.code); process.exitCode = 1; });`;
const root = new URL("../..", import.meta.url).pathname;
const nodeArgs = ["--import", "tsx", "--input-type=module", "-e"];

test("a killed process leaves a part that the next one resumes", async () => {
  const part = 120_000;
  let first = true;
  const { url, requests } = await serve((request, response) => {
    if (!first) return rangeServer()(request, response);
    first = false;
    response.writeHead(200, { etag: '"v1"', "content-length": content.length });
    response.write(content.subarray(0, part)); // and then nothing: the process waits
  });
  const target = folder();
  const child = spawn(process.execPath, [...nodeArgs, program(job(url, join(target, "f")))], { cwd: root });
  const size = () =>
    readdirSync(target).reduce((total, name) => total + readFileSync(join(target, name)).length, 0);
  while (size() < part) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.on("close", resolve));
  await download(job(url, join(target, "f")));
  expect(requests[1]!.range).toBe(`bytes=${part}-`);
  expect(readdirSync(target)).toEqual(["f"]);
});

test("a file that changed meanwhile is fetched anew", async () => {
  const target = folder();
  const name = `.f.${Buffer.from('"old"').toString("base64url")}.0.partial`;
  writeFileSync(join(target, name), "bytes of another version");
  const { url } = await serve(rangeServer());
  await download(job(url, join(target, "f")));
  expect(readFileSync(join(target, "f")).equals(content)).toBe(true);
  expect(readdirSync(target)).toEqual(["f"]);
});

test("a file that became shorter than its part is fetched anew", async () => {
  const target = folder();
  const name = `.f.${Buffer.from('"v1"').toString("base64url")}.0.partial`;
  writeFileSync(join(target, name), content.subarray(0, 9_000));
  const { url, requests } = await serve((request, response) =>
    request.headers.range ? response.writeHead(416).end() : rangeServer()(request, response),
  );
  await download(job(url, join(target, "f")));
  expect(requests).toHaveLength(2);
  expect(readdirSync(target)).toEqual(["f"]);
});

test("an answer that never ends is given up", async () => {
  const { url } = await serve((_, response) => response.writeHead(200).write("{"));
  await expect(fetchJson({ url, bodyMs: 50 })).rejects.toMatchObject({
    code: "LORAG_HTTP_BODY",
    message: expect.stringContaining("it took over 0.05 s"),
  });
});

test("processes that fetch the same file at once do not disturb each other", async () => {
  const { url } = await serve(rangeServer({ cut: 100_000 }));
  const target = folder();
  const run = () =>
    new Promise<number | null>((resolve) =>
      spawn(process.execPath, [...nodeArgs, program(job(url, join(target, "f")))], { cwd: root }).on(
        "close",
        resolve,
      ),
    );
  expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0]);
  expect(readFileSync(join(target, "f")).equals(content)).toBe(true);
  expect(readdirSync(target)).toEqual(["f"]);
});

test("wrong content is refused and removed", async () => {
  const damaged = Buffer.from(content);
  damaged[7]! ^= 1;
  for (const body of [damaged, Buffer.concat([content, content])]) {
    const { url } = await serve(rangeServer({ body }));
    const target = folder();
    await expect(download(job(url, join(target, "f")))).rejects.toMatchObject({ code: "LORAG_WRONG_HASH" });
    expect(readdirSync(target)).toEqual([]);
  }
});

test.skipIf(!canMount)("a full disk says so and is freed again", async () => {
  const { url } = await serve(rangeServer());
  const target = folder();
  const script = `${target}.mts`;
  writeFileSync(
    script,
    `${program(job(url, join(target, "f")))}\nimport { readdirSync } from "node:fs"; console.log(readdirSync(${JSON.stringify(target)}).length);`,
  );
  mkdirSync(target, { recursive: true });
  const { stdout, stderr } = await onSmallDisk(target, "128k", `node --import tsx ${script}`);
  expect(stdout.trim().split("\n"), stderr).toEqual(["LORAG_DISK_FULL", "0"]);
});

test("an answer that is no file is an error at once", async () => {
  const { url, requests } = await serve((_, response) => response.writeHead(404).end());
  const target = folder();
  await expect(download(job(url, join(target, "f")))).rejects.toMatchObject({ code: "LORAG_HTTP_NOT_FOUND" });
  expect(requests).toHaveLength(1);
  const closed = spawnSync(process.execPath, [
    "-e",
    "const s=require('net').createServer().listen(0,()=>{console.log(s.address().port);s.close()})",
  ]);
  const nowhere = `http://127.0.0.1:${closed.stdout.toString().trim()}/f`;
  await expect(download(job(nowhere, join(target, "f")))).rejects.toMatchObject({
    code: "LORAG_UNREACHABLE",
  });
  expect(readdirSync(target)).toEqual([]);
});

test("a connection that stands still counts as broken; an abort ends it, and the next call goes on", async () => {
  let stalls = true;
  let resumed = 0;
  const part = 70_000;
  const stop = new AbortController();
  const { url, requests } = await serve((request, response) => {
    if (!stalls) return rangeServer()(request, response);
    const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
    if (start === part && ++resumed === 2) stop.abort(new Error("enough"));
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(start ? 206 : 200, { etag: '"v1"', ...(start && { "content-range": range }) });
    response.flushHeaders();
    if (start < part) response.write(content.subarray(start, part)); // and then nothing
  });
  const target = folder();
  const stalled = download({ ...job(url, join(target, "f")), idleMs: 100, signal: stop.signal });
  await expect(stalled).rejects.toThrow("enough");
  const [partial, ...others] = readdirSync(target);
  expect(others).toEqual([]);
  expect(readFileSync(join(target, partial!)).equals(content.subarray(0, part))).toBe(true);

  stalls = false;
  await download(job(url, join(target, "f")));
  expect(requests.at(-1)).toMatchObject({ range: `bytes=${part}-`, "if-range": '"v1"' });
  expect(readFileSync(join(target, "f")).equals(content)).toBe(true);
  expect(readdirSync(target)).toEqual(["f"]);
});
