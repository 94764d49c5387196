import { createServer as createTcpServer } from "node:net";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { defaultConfig, type SourceEntry } from "../../contracts/index.ts";
import { sourceSchema } from "../../contracts/sources-config.ts";
import { readDocuments } from "../read-documents.ts";
import { listBucket } from "./list-bucket.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const read = (sources: Record<string, unknown>[], folder = join(tmpdir(), "lorag-nowhere")) =>
  readDocuments(folder, { sources: sources.map((source): SourceEntry => sourceSchema.parse(source)) });

test("nothing is fetched unless it is listed, and an entry names one source", () => {
  expect(defaultConfig.sources).toEqual([]);
  expect(sourceSchema.safeParse({}).success).toBe(false);
  expect(sourceSchema.safeParse({ url: "https://a.example", s3: "s3://b" }).success).toBe(false);
  expect(sourceSchema.safeParse({ database: "a.sqlite" }).success).toBe(false);
  expect(sourceSchema.safeParse({ database: "postgres://me:secret@db/x", query: "SELECT 1" }).success).toBe(
    false,
  );
});

test("pages of a sitemap are documents, read by what the server says they are", async () => {
  const pages: Record<string, [type: string, body: string]> = {
    "/sitemap.xml": [
      "application/xml",
      "<sitemapindex><sitemap><loc>BASE/pages.xml</loc></sitemap></sitemapindex>",
    ],
    "/pages.xml": [
      "application/xml",
      "<urlset><url><loc>BASE/dogs</loc></url><url><loc>BASE/gone</loc></url><url><loc>https://elsewhere.example/</loc></url></urlset>",
    ],
    "/dogs": [
      "text/html",
      "<html><head><title>Dogs</title></head><body><p>Dogs pay 5 euros.</p></body></html>",
    ],
  };
  const base = await serve((request, response) => {
    const page = pages[request.url!];
    response.writeHead(page ? 200 : 404, { "content-type": page?.[0] ?? "text/plain" });
    response.end(page?.[1].replaceAll("BASE", base));
  });
  const { documents, skipped } = await read([{ sitemap: `${base}/sitemap.xml`, allow_private: true }]);
  expect(documents).toMatchObject([{ id: `${base}/dogs`, title: "Dogs", text: "Dogs pay 5 euros." }]);
  expect(skipped).toMatchObject([{ id: `${base}/gone`, code: "LORAG_HTTP_NOT_FOUND" }]);
});

test("a page that may not be reached is left out; one that is out of reach ends the run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-sources-"));
  writeFileSync(join(folder, "a.md"), "A.");
  const base = await serve((_request, response) => response.writeHead(503).end());
  const guarded = await read([{ url: `${base}/x` }], folder);
  expect(guarded.skipped).toMatchObject([{ id: `${base}/x`, code: "LORAG_PRIVATE_ADDRESS" }]);
  await expect(read([{ url: `${base}/x`, allow_private: true }], folder)).rejects.toMatchObject({
    code: "LORAG_HTTP_STATUS",
  });
});

test("rows of an SQLite query are documents; what writes is refused or changes nothing", async () => {
  const { default: open } = await import("sql.js");
  const made = new (await open()).Database();
  made.run("CREATE TABLE rules (n INTEGER, name TEXT, body TEXT, zone TEXT)");
  made.run(
    "INSERT INTO rules VALUES (1, 'Dogs', 'Dogs pay 5 euros.', 'pier'), (2, NULL, 'Cats pay 2.', NULL)",
  );
  const file = join(mkdtempSync(join(tmpdir(), "lorag-sources-")), "rules.sqlite");
  writeFileSync(file, made.export());
  const source = { database: file, field_id: "n", field_text: "body", field_title: "name" };
  const { documents } = await read([{ ...source, query: "SELECT * FROM rules ORDER BY n" }]);
  expect(documents).toMatchObject([
    { id: "rules.sqlite/1", title: "Dogs", text: "Dogs pay 5 euros.\n\nzone: pier" },
    { id: "rules.sqlite/2", title: "2", text: "Cats pay 2." },
  ]);
  await expect(read([{ ...source, query: "SELECT n FROM rules" }])).rejects.toMatchObject({
    code: "LORAG_DATABASE",
    message: expect.stringContaining("body"),
  });
  await expect(read([{ ...source, query: "SELECT * FROM rules", most: 1 }])).rejects.toMatchObject({
    code: "LORAG_TOO_MANY_ROWS",
  });
  await read([{ ...source, query: "DELETE FROM rules RETURNING *" }]).catch(() => {});
  expect((await read([{ ...source, query: "SELECT * FROM rules" }])).documents).toHaveLength(2);
});

test("a database that drops the connection is an error, not a source without rows", async () => {
  const server = createTcpServer((socket) => socket.once("data", () => socket.destroy()));
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const database = `postgres://reader@127.0.0.1:${port}/rules`;
  await expect(read([{ database, query: "SELECT id, text FROM rules" }])).rejects.toMatchObject({
    code: "LORAG_DATABASE",
    kind: "unavailable",
  });
});

test("objects of a bucket are listed page by page and read, with signed requests", async () => {
  const asked: string[] = [];
  const endpoint = await serve((request, response) => {
    asked.push(request.url!);
    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=key/"))
      return response.writeHead(403).end();
    const contents = (key: string): string => `<Contents><Key>${key}</Key></Contents>`;
    if (request.url!.includes("continuation-token=next")) {
      return response.end(`<ListBucketResult>${contents("rules/cats &amp; co.md")}</ListBucketResult>`);
    }
    if (request.url!.includes("list-type=2")) {
      return response.end(
        `<ListBucketResult>${contents("rules/")}${contents("rules/dogs.md")}<NextContinuationToken>next</NextContinuationToken></ListBucketResult>`,
      );
    }
    return response.end("# Rules");
  });
  const source = sourceSchema.parse({ s3: "s3://harbour/rules/", endpoint });
  const keys = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };
  const files = await listBucket("s3://harbour/rules/", source, undefined, keys);
  expect(files.map(({ id }) => id)).toEqual([
    "s3://harbour/rules/dogs.md",
    "s3://harbour/rules/cats & co.md",
  ]);
  expect(Buffer.from((await files[1]!.read(1000)).bytes).toString()).toBe("# Rules");
  expect(asked.at(-1)).toBe("/harbour/rules/cats%20%26%20co.md");
  await expect(listBucket("s3://harbour/", source, undefined, {})).rejects.toMatchObject({
    code: "LORAG_NO_KEY",
  });
});
