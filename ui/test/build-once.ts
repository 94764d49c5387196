import { execFileSync } from "node:child_process";

/** What is tested is what users get: the built program with the built page. */
export default function buildOnce(): void {
  if (process.env["LORAG_UI_BUILT"] === "1") return;
  execFileSync("npm", ["run", "--silent", "build"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
