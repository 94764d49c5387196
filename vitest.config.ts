import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,test,examples,ui/src}/**/*.test.ts"],
    globalSetup: "test/temporary-folder.ts",
    // Two files at a time: the machine the suite is sized for has two cores, and each model test uses both.
    maxWorkers: 2,
    // A worker keeps what it has read for its next file: reading modules anew for each file took an eighth of the time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
