import { expect, it } from "vitest";
import { greedy } from "../../contracts/index.ts";
import type { Decoder } from "./decoder.ts";
import { createKeyValueCache } from "./key-value-cache.ts";
import { createScheduler } from "./scheduler.ts";

const shape = { layers: 1, keyValueHeads: 1, headSize: 2 };

/** Over a model that always holds 7 the likeliest. */
function schedulerOver(decoding = createKeyValueCache(shape, "float32")) {
  const likeliest = async (rows: unknown) => {
    const count = Array.isArray(rows) ? rows.length : 1;
    const logits = Float32Array.from({ length: 10 * count }, (_, index) => (index % 10 === 7 ? 1 : 0));
    return { next: Array<number>(count).fill(7), logits };
  };
  const decoder: Decoder = {
    decode: likeliest,
    prefill: likeliest,
    settle: async () => {},
    adaptersChanged: async () => {},
    close: async () => {},
  };
  return createScheduler({
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
}

const request = { prompt: [1, 2, 3], adapter: undefined, sampling: { ...greedy, maxTokens: 2 } };

it("fails the request that memory has no room for, and answers the next", { timeout: 2000 }, async () => {
  const decoding = createKeyValueCache(shape, "float32");
  const { resize } = decoding;
  decoding.resize = (...size) => {
    decoding.resize = resize;
    throw new RangeError(`no room for ${size[1]} tokens`);
  };
  const scheduler = schedulerOver(decoding);
  await expect(scheduler.submit(request).done).rejects.toThrow("no room for 128 tokens");
  expect((await scheduler.submit(request).done).text).toBe("77");
});

it.each([0, 1])("fails the answer in which %i tokens are allowed, and no other", async (allowed) => {
  const scheduler = schedulerOver();
  let said = 0;
  const mask = { allows: () => said < allowed, accept: () => void said++ };
  const held = scheduler.submit({ ...request, mask });
  const free = scheduler.submit(request);
  await expect(held.done).rejects.toMatchObject({
    code: "LORAG_NO_TOKEN_ALLOWED",
    message: expect.stringContaining(allowed === 0 ? '""' : '"7"'),
  });
  expect((await free.done).text).toBe("77");
});
