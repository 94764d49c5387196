import { homedir } from "node:os";
import { join } from "node:path";

/** Where downloaded and compiled models live: `$LORAG_HOME`, else `$XDG_CACHE_HOME/lorag`, else `~/.cache/lorag`. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env["LORAG_HOME"]) return env["LORAG_HOME"];
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "lorag");
}
