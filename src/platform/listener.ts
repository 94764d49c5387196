import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { LoragError } from "../contracts/index.ts";

export interface Listener {
  port: number;
  /** Takes no new connections and ends the idle ones; those with a response under way have two seconds to send it. */
  close(): Promise<void>;
}

/** A response that is made is not yet sent. */
const sendMs = 2000;

/** Serves HTTP by a function from request to response. A request's signal is aborted when its client leaves. Throws LORAG_PORT. */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  const server = createAdaptorServer({ fetch: handle, overrideGlobalObjects: false });
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
