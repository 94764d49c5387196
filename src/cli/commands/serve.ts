import { LoragError, type StoredKey } from "../../contracts/index.ts";
import { openKeys, openService } from "../../pipeline/index.ts";
import { listen, readFile } from "../../platform/index.ts";
import { createHandler, hashKey } from "../../server/index.ts";
import { readPort, untilAborted } from "../listening.ts";
import type { Session } from "../session.ts";

export interface ServeOptions {
  port: string;
  host: string;
  apiKeyEnv?: string;
  allowHost?: string[];
  insecure?: boolean;
  plainHttp?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  adapters?: string;
  allowAdapterLoading?: boolean;
}

const loopback = ["127.0.0.1", "localhost", "[::1]"];
/** What requests under way are given to finish. */
const drainMs = 30_000;

/** Serves the project until a signal; then finishes what was begun. */
export async function serveCommand(session: Session, options: ServeOptions): Promise<unknown> {
  const fixed = readKey(options);
  const { host } = options;
  const port = readPort(options.port);
  const context = await session.open();
  const kept = openKeys(context.project);
  const keys = async (): Promise<StoredKey[]> => [...fixed, ...(await kept.list())];
  const tls = await readTls(options);
  if (!isLoopback(host) && !options.insecure) {
    if ((await keys()).length === 0) throw unguarded(host);
    if (!tls && !options.plainHttp) throw overheard(host);
  }
  const service = await openService(context, {
    adapters: options.adapters,
    mayLoad: options.allowAdapterLoading,
  });
  try {
    const { handle, drain } = createHandler({
      service,
      keys,
      hosts: [
        ...new Set([
          ...loopback,
          host.toLowerCase(),
          ...(options.allowHost ?? []).map((name) => name.toLowerCase()),
        ]),
      ],
      onError: (error) => session.note(`error: ${error instanceof Error ? error.message : String(error)}`),
    });
    const listener = await listen(handle, { host, port, ...(tls && { tls }) });
    const address = `http${tls ? "s" : ""}://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
    session.print(`lorag serves ${address}/v1\n`);
    for (const { id } of await service.models()) session.print(`  ${id}\n`);
    session.note("Ctrl-C ends it.");
    await untilAborted(session.signal);
    await Promise.race([drain(), new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
    await listener.close();
    return { address };
  } finally {
    await service.close();
  }
}

const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/i.test(host);

/** Throws LORAG_USAGE for one without the other. */
async function readTls({
  tlsCert,
  tlsKey,
}: ServeOptions): Promise<{ cert: Uint8Array; key: Uint8Array } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { cert: await readFile(tlsCert), key: await readFile(tlsKey) };
  }
  throw new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `There is ${tlsCert === undefined ? "a key and no certificate" : "a certificate and no key"}`,
    next: "TLS needs both: --tls-cert and --tls-key.",
  });
}

function readKey({ apiKeyEnv: name }: ServeOptions): StoredKey[] {
  if (name === undefined) return [];
  const key = process.env[name]?.trim() ?? "";
  if (key.length >= 16) return [{ name: "", hash: hashKey(key) }];
  throw new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `The environment variable ${name} ${key === "" ? "is not set" : "holds a key of fewer than 16 characters"}`,
    next: `Set it to a long random text, such as \`openssl rand -hex 32\` prints.`,
  });
}

function unguarded(host: string): LoragError {
  return new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `On ${host} anyone who reaches this machine could ask and read the documents`,
    next: "Make a key with `lorag keys add`, name the environment variable that holds one with --api-key-env, or say --insecure.",
  });
}

function overheard(host: string): LoragError {
  return new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `On ${host} keys and answers would go over the network for anyone on the way to read`,
    next: "Give a certificate with --tls-cert and --tls-key, or say --plain-http where a proxy in front speaks TLS.",
  });
}
