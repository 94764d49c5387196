import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Every test's temporary files lie in one folder, which goes away with the run. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lorag-tests-"));
  // As /tmp is: one test runs the command as another user.
  chmodSync(folder, 0o1777);
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
