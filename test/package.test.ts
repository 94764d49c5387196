import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface Packed {
  files: { path: string }[];
}

test("the npm package carries what users need, and no tests or scripts of ours", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  // Without its scripts: what is built is another matter.
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=silent"];
  const [packed] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" })) as [Packed];
  const paths = packed.files.map(({ path }) => path).filter((path) => !path.startsWith("dist/"));
  expect(paths).toEqual(
    expect.arrayContaining(["examples/starter/lorag.yaml", "examples/tidewater/lorag.yaml", "docs/cli.md"]),
  );
  expect(paths.filter((path) => /\.(test|case)\.|\.py$/.test(path))).toEqual([]);
});
