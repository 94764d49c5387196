import { expect, test } from "vitest";
import { renderConfigReference } from "./config-reference.ts";
import { knownKeys } from "./parse-config.ts";

// `npx vitest run config-reference -u` writes the page anew.
test("docs/configuration.md is what the schema says", async () => {
  await expect(renderConfigReference()).toMatchFileSnapshot("../../../docs/configuration.md");
});

test("every key is explained", () => {
  const page = renderConfigReference();
  for (const key of knownKeys()) expect(page).toMatch(new RegExp(`(\\*\\*\`|## )${key}(\`\\*\\*|\n)`));
  expect(page).not.toMatch(/: $/m);
});
