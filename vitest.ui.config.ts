import { defineConfig } from "vitest/config";

/** The page in a real browser, against the built server: `npm run test:ui`. */
export default defineConfig({
  test: {
    include: ["ui/test/**/*.flow.ts"],
    globalSetup: ["test/temporary-folder.ts", "ui/test/build-once.ts"],
    maxWorkers: 1,
    testTimeout: 240_000,
    hookTimeout: 600_000,
  },
});
