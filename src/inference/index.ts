export { createGenerator } from "./generator.ts";
export type { GeneratorOptions } from "./generator.ts";
