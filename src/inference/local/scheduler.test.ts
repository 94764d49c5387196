import { expect, it } from "vitest";
import { greedy } from "../../contracts/index.ts";
import type { Decoder } from "./decoder.ts";
import { createKeyValueCache } from "./key-value-cache.ts";
import { createScheduler } from "./scheduler.ts";

it("fails the request that memory has no room for, and answers the next", { timeout: 2000 }, async () => {
  const shape = { layers: 1, keyValueHeads: 1, headSize: 2 };
  const decoding = createKeyValueCache(shape, "float32");
  const { resize } = decoding;
  decoding.resize = (...size) => {
    decoding.resize = resize;
    throw new RangeError(`no room for ${size[1]} tokens`);
  };
  const likeliest = async () => ({ next: [7] });
  const decoder: Decoder = {
    decode: likeliest,
    prefill: likeliest,
    settle: async () => {},
    adaptersChanged: async () => {},
    close: async () => {},
  };
  const scheduler = createScheduler({
    decoder,
    caches: { reading: createKeyValueCache(shape, "float32"), decoding },
    vocabularySize: 10,
    contextLength: 100,
    vocabulary: { size: 10, endIds: new Set(), textOf: String, encode: () => [] },
    maxRows: 4,
    maxTokens: 1000,
    maxPrefixTokens: 0,
    textStream: () => ({ push: String, end: () => "" }),
  });
  const request = { prompt: [1, 2, 3], adapter: undefined, sampling: { ...greedy, maxTokens: 2 } };
  await expect(scheduler.submit(request).done).rejects.toThrow("no room for 128 tokens");
  expect((await scheduler.submit(request).done).text).toBe("77");
});
