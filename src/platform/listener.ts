import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { LoragError } from "../contracts/index.ts";

export interface Listener {
  port: number;
  /** Takes no new connections and ends the idle ones; those with a response under way have two seconds to send it. */
  close(): Promise<void>;
}

const headerMs = 20_000;

/** A response that is made is not yet sent. */
const sendMs = 2000;

/** Serves HTTP by a function from request to response. A request's signal is aborted when its client leaves. Throws LORAG_PORT. */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  { host, port, tls }: { host: string; port: number; tls?: { cert: Uint8Array; key: Uint8Array } },
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: handle,
    overrideGlobalObjects: false,
    ...(tls && { createServer, serverOptions: { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) } }),
  });
  // Who sends no whole header keeps a socket and nothing else, for so long.
  if ("headersTimeout" in server) server.headersTimeout = headerMs;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, error)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => {
          if ("closeAllConnections" in server) server.closeAllConnections();
        }, sendMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): LoragError {
  const why = cause.code === "EADDRINUSE" ? "another program listens there" : (cause.code ?? cause.message);
  return new LoragError({
    code: "LORAG_PORT",
    kind: "unavailable",
    message: `Nothing can listen on ${host}:${port}: ${why}`,
    next: "Choose another with --port, or end that program.",
    cause,
  });
}
