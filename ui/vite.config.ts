import { defineConfig } from "vite";

/** `npm run build` puts the page beside the built program, from where `lorag ui` serves it. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: "../dist/ui",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  // Libraries mark modules for servers; nothing here is rendered on one.
  logLevel: "error",
});
