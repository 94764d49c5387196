import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredKey, Storage } from "../contracts/index.ts";
import { listen, type Listener } from "../platform/index.ts";
import { createHandler } from "./handler.ts";
import { hashKey } from "./keys.ts";
import { createStub } from "./stub-service.case.ts";

const nothing: Storage = {
  files: {
    add: async (file) => ({ ...file, id: "file-1", bytes: 1, created: 1 }),
    list: async () => [],
    get: async () => undefined,
    read: async () => new Uint8Array(),
    remove: async () => {},
  },
  stores: {
    create: async (owner, given) => ({ ...given, id: "vs_1", owner, created: 1, files: [] }),
    update: async (store) => store,
    list: async () => [],
    get: async () => undefined,
    attach: async () => Promise.reject(new Error("never called")),
    detach: async () => {},
    remove: async () => {},
    search: async () => [],
  },
  jobs: {
    create: async () => Promise.reject(new Error("never called")),
    list: async () => [],
    get: async () => undefined,
    cancel: async (job) => job,
    events: async () => [],
  },
};

const key = "lorag-0123456789abcdef";
let keys: StoredKey[] = [{ name: "one", hash: hashKey(key) }];
const handler = createHandler({
  service: {
    ...createStub(),
    storage: nothing,
    adapters: {
      list: async () => [],
      load: async () => {},
      unload: async () => {},
      release: async () => ({}),
      canary: async () => ({}),
      rollBack: async () => ({}),
    },
  },
  hosts: ["127.0.0.1", "localhost", "[::1]"],
  keys: async () => keys,
  onError: (error) => expect.fail(String(error)),
});

const call = (
  { method, path }: { method: string; path: string },
  headers: Record<string, string>,
  body?: string,
): Promise<Response> =>
  handler.handle(
    new Request(`http://localhost:8000${path.replaceAll(/\{\w+\}/g, "x")}`, {
      method,
      headers: { host: "localhost:8000", ...headers },
      ...(body !== undefined && method === "POST" && { body }),
    }),
  );
const bearer = { authorization: `Bearer ${key}` };
const json = { "content-type": "application/json" };

describe.each(handler.routes.map((row) => [`${row.method} ${row.path}`, row] as const))("%s", (_, row) => {
  it("asks for the key", async () => {
    const open = row.path === "/health";
    for (const headers of [{}, { authorization: "Bearer wrong" }] as Record<string, string>[]) {
      expect((await call(row, headers)).status).toBe(open ? 200 : 401);
    }
    expect((await call(row, bearer)).status).not.toBe(401);
  });

  it.each([
    [{ host: "evil.example" }],
    [{ host: "localhost.evil.example:8000" }],
    [{ host: "127.0.0.1.nip.io" }],
    [{ host: "" }],
    [{ host: "localhost:8000@evil.example" }],
    [{ host: "[::1" }],
    [{ host: "0.0.0.0" }],
    [{ host: "localhost:8000", origin: "https://evil.example" }],
    [{ host: "localhost:8000", origin: "null" }],
    [{ host: "localhost:8000", origin: "http://localhost:3000" }],
    [{ host: "localhost:8000", origin: "file://" }],
    [{ host: "localhost:8000", "sec-fetch-site": "cross-site" }],
  ] as Record<string, string>[][])("is closed to %j, the key known or not", async (headers) => {
    expect((await call(row, { ...headers! })).status).toBe(403);
    expect((await call(row, { ...bearer, ...headers! })).status).toBe(403);
  });

  it("is open to a page of its own origin, and allows no other page anything", async () => {
    const response = await call(row, { ...bearer, origin: "http://localhost:8000" });
    expect(response.status).not.toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("takes no body but of its type, and tells a bad one apart from a fault of its own", async () => {
    if (row.method !== "POST" || row.path.endsWith("/cancel")) return;
    expect((await call(row, { ...bearer, "content-type": "text/plain" }, "{}")).status).toBe(415);
    for (const body of ["{", "[]", "null", '{"model": 1, "name": 1}', '{"a":'.repeat(2000), "\u0000"]) {
      const response = await call(row, { ...bearer, ...json }, body);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      const { error } = (await response.json()) as { error: Record<string, unknown> };
      expect(Object.keys(error)).toEqual(["message", "type", "param", "code"]);
    }
  });
});

/** Made, not listed: what reaches out of a folder, into another header, a log line or a regular expression. */
function hostile(count: number): string[] {
  const parts = [
    "..",
    "/",
    "\\",
    "\0",
    "%2e%2e%2f",
    "\r\n",
    "\u202e",
    "$",
    "{}",
    "file-",
    "a".repeat(300),
    "'",
    '"',
    ";",
    "é",
    "🚢",
    "*",
    "C:",
    "~",
    "?x=",
    "#",
    "%",
    " ",
    "<script>",
    "con",
    ".",
  ];
  return Array.from({ length: count }, (_, index) => {
    const pick = (step: number): string => parts[Math.floor(index / step) % parts.length]!;
    return pick(1) + pick(3) + pick(parts.length) + (index % 7 === 0 ? pick(5).repeat(20) : "");
  });
}

it("gives nothing for 500 hostile names on every route that takes one", async () => {
  const named = handler.routes.filter(({ path }) => path.includes("{"));
  expect(named.length).toBeGreaterThan(8);
  for (const { method, path } of named) {
    for (const name of hostile(500)) {
      const put = path.replaceAll(/\{\w+\}/g, encodeURIComponent(name));
      const response = await call(
        { method, path: put },
        { ...bearer, ...json },
        '{"file_id": "x", "query": "x"}',
      );
      expect([400, 404]).toContain(response.status);
      expect(await response.text()).not.toMatch(/\/(?:tmp|root|home)\/|at \w+ \(/);
    }
  }
});

function canBeSent(authorization: string): boolean {
  try {
    return new Headers({ authorization }).has("authorization");
  } catch {
    return false;
  }
}

it("lets none of 1,000 hostile Authorization values in", async () => {
  const route = { method: "GET", path: "/v1/models" };
  const tries = hostile(1000).map((text, index) => {
    const value = [
      `Bearer ${text}`,
      text,
      `bearer${text}${key}`,
      `Bearer ${key}${text}`,
      `Basic ${key} ${text}`,
    ][index % 5]!;
    // What no request could carry is sent as another wrong key.
    return canBeSent(value) ? value : `Bearer ${index}${key}`;
  });
  for (const authorization of tries) {
    // Blanks around a value are no part of it.
    const isKey = authorization.trim() === bearer.authorization;
    expect((await call(route, { authorization })).status).toBe(isKey ? 200 : 401);
  }
});

it("shows a key what it may use, and lets it in no more once it is revoked", async () => {
  const before = keys;
  const list = async (): Promise<string[]> => {
    const response = await call({ method: "GET", path: "/v1/models" }, bearer);
    return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  keys = [{ ...before[0]!, only: ["ferry:*"] }];
  expect(await list()).toEqual(["ferry:rag", "ferry:tuned"]);
  const body = JSON.stringify({ model: "base", messages: [{ role: "user", content: "x" }] });
  const foreign = await call({ method: "POST", path: "/v1/chat/completions" }, { ...bearer, ...json }, body);
  expect(foreign.status).toBe(404);
  expect(await foreign.text()).not.toContain("embed");
  keys = [{ name: "two", hash: hashKey("another") }];
  expect((await call({ method: "GET", path: "/v1/models" }, bearer)).status).toBe(401);
  keys = before;
});

describe("over a socket", () => {
  let listener: Listener;
  beforeAll(async () => {
    listener = await listen(handler.handle, { host: "127.0.0.1", port: 0 });
  });
  afterAll(() => listener.close());

  it("refuses an upload above its limit and a body above its own, without reading all of it", async () => {
    const send = (path: string, type: string, size: number) => {
      let sent = 0;
      const piece = new Uint8Array(2 ** 20);
      const body = new ReadableStream({
        pull(controller) {
          if (sent >= size) return controller.close();
          sent += piece.length;
          controller.enqueue(piece);
        },
      });
      const headers = { ...bearer, "content-type": type };
      const url = `http://127.0.0.1:${listener.port}${path}`;
      return fetch(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
    };
    expect((await send("/v1/chat/completions", "application/json", 10 * 2 ** 20)).status).toBe(413);
    expect((await send("/v1/files", "multipart/form-data; boundary=x", 3 * 2 ** 20)).status).toBe(400);
  });
});

it("describes itself: every route is in /openapi.json", async () => {
  const response = await call({ method: "GET", path: "/openapi.json" }, bearer);
  const { paths, openapi } = (await response.json()) as { openapi: string; paths: Record<string, object> };
  expect(openapi).toBe("3.1.0");
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const all = handler.routes.map(({ method, path }) => `${method} ${path}`);
  expect(told.toSorted()).toEqual(all.toSorted());
});
