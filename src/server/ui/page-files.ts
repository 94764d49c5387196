import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { exists, readFile, resolveInside } from "../../platform/index.ts";
import { LoragError } from "../../contracts/index.ts";
import { reportStyle } from "../../report/index.ts";

/** Where the build puts the page; the same whether this file runs as source or built. */
const builtFolder = fileURLToPath(new URL("../../../dist/ui/", import.meta.url));

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Throws LORAG_NO_PAGE in a checkout that was not built. */
export async function requirePage(folder = builtFolder): Promise<void> {
  if (await exists(`${folder}/index.html`)) return;
  throw new LoragError({
    code: "LORAG_NO_PAGE",
    kind: "missing",
    message: `The page is not built: there is no ${folder}index.html`,
    next: "Run `npm run build` in the checkout, then the command again.",
  });
}

/** Answers with the page's files: every path that is no file is a view of the page itself. */
export function createPageFiles(folder = builtFolder): (request: Request) => Promise<Response> {
  const compress = promisify(gzip);
  const zipped = new Map<string, Uint8Array<ArrayBuffer>>();
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/report.css")
      return new Response(reportStyle, { headers: { "content-type": types["css"]! } });
    const isAsset = pathname.startsWith("/assets/");
    const name = isAsset ? pathname.slice(1) : pathname === "/icon.svg" ? "icon.svg" : "index.html";
    const path = await resolveInside(folder, name);
    if (!(await exists(path))) return new Response("Not found", { status: 404 });
    const headers: Record<string, string> = {
      "content-type": types[name.split(".").at(-1)!] ?? "application/octet-stream",
      "cache-control": isAsset ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
    };
    if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
      return new Response(new Uint8Array(await readFile(path)), { headers });
    }
    const body = zipped.get(name) ?? new Uint8Array(await compress(await readFile(path)));
    // Names of assets carry the hash of what is in them; the others may be built anew.
    if (isAsset) zipped.set(name, body);
    return new Response(body, { headers: { ...headers, "content-encoding": "gzip" } });
  };
}
