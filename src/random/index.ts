export type { Random } from "./random.ts";
export { randomStream } from "./random-stream.ts";
export { namedRandom } from "./named-random.ts";
export { seededRandom } from "./seeded-random.ts";
export { shuffle } from "./shuffle.ts";
