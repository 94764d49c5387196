import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { fetchFile } from "./fetch-file.ts";
import { isPrivateAddress } from "./private-address.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "[::1]",
  "fd00::1",
  "fe80::1%eth0",
  "::ffff:127.0.0.1",
  "::ffff:a00:1",
  "64:ff9b::a00:1",
  "2002:7f00:1::",
  "not an address",
])("%s is no address of the public internet", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each(["93.184.215.14", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])(
  "%s is one",
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

test("a private address is not reached: by its number, in other forms of it, or by a name that leads there", async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked++;
    response.end("secret");
  });
  for (const host of ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]) {
    const request = fetchFile({ url: `http://${host}:${port}/`, allowPrivate: false, maxBytes: 1000 });
    await expect(request).rejects.toMatchObject({ code: "LORAG_PRIVATE_ADDRESS" });
  }
  expect(asked).toBe(0);
  const { bytes } = await fetchFile({ url: `http://localhost:${port}/`, allowPrivate: true, maxBytes: 1000 });
  expect(Buffer.from(bytes).toString()).toBe("secret");
});

test("each redirect is looked at, and where it ends is told", async () => {
  const isForbidden = (address: string): boolean => address !== "127.0.0.1";
  const port = await serve((request, response) => {
    const to = { "/inside": "http://127.0.0.2:1/", "/round": "/round", "/file": "file:///etc/passwd" }[
      request.url!
    ];
    if (to) response.writeHead(302, { location: to });
    else if (request.url === "/moved") response.writeHead(301, { location: "/page.html" });
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end("<p>Open.");
  });
  const fetchFrom = (path: string) =>
    fetchFile({ url: `http://127.0.0.1:${port}${path}`, allowPrivate: false, maxBytes: 1000 }, isForbidden);
  await expect(fetchFrom("/inside")).rejects.toMatchObject({ code: "LORAG_PRIVATE_ADDRESS" });
  await expect(fetchFrom("/round")).rejects.toMatchObject({ code: "LORAG_REDIRECTS" });
  await expect(fetchFrom("/file")).rejects.toMatchObject({ code: "LORAG_REDIRECTS" });
  expect(await fetchFrom("/moved")).toMatchObject({
    url: `http://127.0.0.1:${port}/page.html`,
    contentType: "text/html",
  });
});

test("what is gone, refused, failing or too long is told apart", async () => {
  const port = await serve((request, response) => {
    response.writeHead(Number(request.url!.slice(1)));
    response.end("x".repeat(2000));
  });
  const code = (status: number) =>
    fetchFile({ url: `http://127.0.0.1:${port}/${status}`, allowPrivate: true, maxBytes: 1000 }).then(
      () => "",
      (error: { code: string; kind: string }) => `${error.code} ${error.kind}`,
    );
  expect(await code(404)).toBe("LORAG_HTTP_NOT_FOUND data");
  expect(await code(403)).toBe("LORAG_HTTP_REFUSED data");
  expect(await code(503)).toBe("LORAG_HTTP_STATUS unavailable");
  expect(await code(200)).toMatch(/^LORAG_HTTP_LONG/);
});
