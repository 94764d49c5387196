import { gunzipSync } from "node:zlib";
import { LoragError, type SourceEntry } from "../../contracts/index.ts";
import { fetchFile } from "../../platform/index.ts";
import { childrenOf, readXml, textOf, child } from "../text/read-xml.ts";
import { decodeText } from "../text/text-encoding.ts";
import type { DocumentFile } from "./document-file.ts";

const extensionOf: Record<string, string> = {
  "text/html": ".html",
  "application/xhtml+xml": ".html",
  "application/pdf": ".pdf",
  "text/plain": ".txt",
  "text/markdown": ".md",
  "text/csv": ".csv",
  "application/json": ".json",
  "application/xml": ".xml",
  "text/xml": ".xml",
};

/** A page or file of the web. Its address is its id. */
export function pageFile(
  url: string,
  { allow_private: allowPrivate }: SourceEntry,
  signal?: AbortSignal,
): DocumentFile {
  return {
    id: url,
    read: async (maxBytes) => {
      const fetched = await fetchFile({ url, allowPrivate, maxBytes, ...(signal && { signal }) });
      const last = new URL(fetched.url).pathname.split("/").at(-1)!;
      const extension = extensionOf[fetched.contentType];
      const stem = last === "" ? new URL(fetched.url).hostname : last;
      // What the server says of a page counts more than what its address looks like.
      return { bytes: fetched.bytes, name: extension && !stem.endsWith(extension) ? stem + extension : stem };
    },
  };
}

const mostBytes = 50 * 2 ** 20; // as the protocol limits it
const deepest = 2;

/** The pages that a sitemap lists (sitemaps.org), and those that it leads to: those on its own host, unless told otherwise. */
export async function listSitemap(
  address: string,
  source: SourceEntry,
  signal?: AbortSignal,
): Promise<DocumentFile[]> {
  const wanted = source.only ?? `${new URL(address).origin}/`;
  const found = new Set<string>();
  const read = async (url: string, depth: number): Promise<void> => {
    const fetched = await fetchFile({
      url,
      allowPrivate: source.allow_private,
      maxBytes: mostBytes,
      ...(signal && { signal }),
    });
    const root = readXml(decodeText(unpack(fetched.bytes)), url);
    for (const entry of childrenOf(root, root.name === "sitemapindex" ? "sitemap" : "url")) {
      const location = textOf(child(entry, "loc")).trim();
      if (!/^https?:\/\//.test(location) || !URL.canParse(location)) continue;
      if (root.name === "sitemapindex") {
        if (depth < deepest) await read(location, depth + 1);
      } else if (location.startsWith(wanted)) found.add(new URL(location).href);
      if (found.size > source.most) throw tooMany(address, source.most);
    }
  };
  await read(address, 0);
  return [...found].map((url) => pageFile(url, source, signal));
}

function unpack(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes;
}

export function tooMany(where: string, most: number): LoragError {
  return new LoragError({
    code: "LORAG_TOO_MANY_DOCUMENTS",
    kind: "config",
    message: `${where} lists more than ${most} documents`,
    next: "Name a part of it, or raise `most` of the source.",
  });
}
