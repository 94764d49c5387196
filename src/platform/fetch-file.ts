import { lookup as resolveName } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { LoragError } from "../contracts/index.ts";
import { httpExchange, type HttpLimits, type HttpReply } from "./http-exchange.ts";
import { isPrivateAddress } from "./private-address.ts";

export interface FileRequest {
  url: string;
  /** Whether this machine and its own network may be reached. */
  allowPrivate: boolean;
  maxBytes: number;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface FetchedFile {
  /** Where it lay after all redirects. */
  url: string;
  bytes: Uint8Array;
  /** Without its parameters, in lower case; empty where the server names none. */
  contentType: string;
}

const mostRedirects = 5;
const limits: Omit<HttpLimits, "maxBytes"> = {
  connectMs: 10_000,
  firstByteMs: 30_000,
  idleMs: 30_000,
  totalMs: 300_000,
};

/**
 * A file from the web. Each address on the way, after redirects, too, is looked up once, and the connection goes to the
 * address that was looked at: a name that leads elsewhere the second time gains nothing. Throws LORAG_PRIVATE_ADDRESS,
 * LORAG_HTTP_NOT_FOUND, LORAG_HTTP_REFUSED, LORAG_HTTP_STATUS, LORAG_REDIRECTS and what `httpExchange` throws.
 */
export async function fetchFile(request: FileRequest, isForbidden = isPrivateAddress): Promise<FetchedFile> {
  let url: URL = new URL(request.url);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const reply: HttpReply = await get(url, request, isForbidden);
    const { location } = reply.headers;
    if (reply.status >= 300 && reply.status < 400 && location !== undefined) {
      reply.cancel();
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (!next || !/^https?:$/.test(next.protocol)) throw redirected(request.url, location);
      url = next;
      continue;
    }
    if (reply.status < 200 || reply.status > 299) {
      reply.cancel();
      throw statusError(url, reply.status);
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of reply.body) pieces.push(piece);
    const type = String(reply.headers["content-type"] ?? "");
    return {
      url: url.href,
      bytes: new Uint8Array(Buffer.concat(pieces)),
      contentType: type.split(";")[0]!.trim().toLowerCase(),
    };
  }
  throw redirected(request.url, `more than ${mostRedirects} times`);
}

async function get(
  url: URL,
  { allowPrivate, maxBytes, headers, signal }: FileRequest,
  isForbidden: (address: string) => boolean,
): Promise<HttpReply> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A plain address is not looked up, so that only this stands before it.
  if (!allowPrivate && isIP(host) !== 0 && isForbidden(host)) throw privateAddress(url.href, host);
  return httpExchange({
    method: "GET",
    url,
    limits: { ...limits, maxBytes },
    ...(headers && { headers }),
    ...(signal && { signal }),
    lookup: allowPrivate ? lookUp : publicOnly(url.href, isForbidden),
  });
}

const lookUp: LookupFunction = (name, options, done) => resolveName(name, options, done);

/** All of a name's addresses must be public: which of them is tried is not ours to say. */
const publicOnly =
  (url: string, isForbidden: (address: string) => boolean): LookupFunction =>
  (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, "", 0);
      const inside = addresses.find(({ address }) => isForbidden(address));
      if (inside || addresses.length === 0) {
        return done(privateAddress(url, inside?.address ?? "none"), "", 0);
      }
      if (options.all === true) return done(null, addresses);
      return done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

function privateAddress(url: string, address: string): LoragError {
  return new LoragError({
    code: "LORAG_PRIVATE_ADDRESS",
    kind: "data",
    message: `${url} leads to ${address}, an address of this machine or its own network`,
    next: "Set allow_private at its source if it is meant.",
  });
}

function redirected(url: string, where: string): LoragError {
  return new LoragError({
    code: "LORAG_REDIRECTS",
    kind: "data",
    message: `${url} leads on (${where.slice(0, 200)}) and to no file`,
    next: "Give the address that a browser shows in the end.",
  });
}

function statusError({ host, pathname }: URL, status: number): LoragError {
  const isGone = status === 404 || status === 410;
  const isRefused = status === 401 || status === 403;
  return new LoragError({
    code: isGone ? "LORAG_HTTP_NOT_FOUND" : isRefused ? "LORAG_HTTP_REFUSED" : "LORAG_HTTP_STATUS",
    kind: isGone || isRefused ? "data" : "unavailable",
    message: `${host} answered ${status} for ${pathname}`,
    next: isGone
      ? "Take it out of the sources, or correct the address."
      : isRefused
        ? "Only what is open to everybody, or to the keys that are given, can be read."
        : "Run the command again later: the index stays as it is.",
  });
}
