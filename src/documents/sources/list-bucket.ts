import { AwsClient } from "aws4fetch";
import { LoragError, type SourceEntry } from "../../contracts/index.ts";
import { fetchFile } from "../../platform/index.ts";
import { child, childrenOf, readXml, textOf } from "../text/read-xml.ts";
import type { DocumentFile } from "./document-file.ts";
import { tooMany } from "./list-pages.ts";

const mostBytes = 50 * 2 ** 20;

/** The objects of a bucket whose keys begin with the prefix, by S3's ListObjectsV2 and GetObject. */
export async function listBucket(
  address: string,
  { endpoint, region, most }: SourceEntry,
  signal?: AbortSignal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DocumentFile[]> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  const base = `${(endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/$/, "")}/${bucket}`;
  const client = createClient(environment, region);
  const get = async (url: string, maxBytes: number): Promise<Uint8Array> => {
    const { headers } = await client.sign(url, { aws: { service: "s3" } });
    const sent = Object.fromEntries([...headers].filter(([name]) => name !== "host"));
    // The endpoint is the user's own word: it may well be on this machine.
    const { bytes } = await fetchFile({
      url,
      allowPrivate: true,
      maxBytes,
      headers: sent,
      ...(signal && { signal }),
    });
    return bytes;
  };
  const files: DocumentFile[] = [];
  let token = "";
  do {
    const query = new URLSearchParams({
      "list-type": "2",
      prefix,
      ...(token && { "continuation-token": token }),
    });
    const root = readXml(new TextDecoder().decode(await get(`${base}?${query}`, mostBytes)), address);
    for (const entry of childrenOf(root, "Contents")) {
      const key = textOf(child(entry, "Key"));
      if (key === "" || key.endsWith("/")) continue;
      files.push({
        id: `s3://${bucket}/${key}`,
        read: async (maxBytes) => ({
          bytes: await get(`${base}/${key.split("/").map(encodeURIComponent).join("/")}`, maxBytes),
        }),
      });
      if (files.length > most) throw tooMany(address, most);
    }
    token = textOf(child(root, "NextContinuationToken"));
  } while (token !== "");
  return files;
}

function createClient(environment: Readonly<Record<string, string | undefined>>, region: string): AwsClient {
  const [accessKeyId, secretAccessKey] = [
    environment["AWS_ACCESS_KEY_ID"],
    environment["AWS_SECRET_ACCESS_KEY"],
  ];
  if (!accessKeyId || !secretAccessKey) {
    throw new LoragError({
      code: "LORAG_NO_KEY",
      kind: "config",
      message: "An s3 source needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set",
      next: "Set both in the environment.",
    });
  }
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  return new AwsClient({ accessKeyId, secretAccessKey, region, ...(sessionToken && { sessionToken }) });
}
