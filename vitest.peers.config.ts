import { defineConfig } from "vitest/config";

/** Tests that run the real Python peers: `bench/peers/setup` first, then `npm run test:peers`. */
export default defineConfig({
  test: {
    include: ["test/peers/**/*.peer.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
