import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  adapterRanks,
  blockHomes,
  groupRows,
  stackAdapters,
  stackForPrompts,
  type LoadedAdapter,
} from "./adapter-stack.ts";
import { findCacheScales } from "./cache-scales.ts";
import { createKeyValueCache } from "./key-value-cache.ts";
import { createPrefixStore } from "./prefix-store.ts";

describe("key-value cache", () => {
  const shape = { layers: 2, keyValueHeads: 2, headSize: 2 };
  const fill = (cache: ReturnType<typeof createKeyValueCache>, row: number, value: number) => {
    for (const { data } of Object.values(cache.tensors(row, row + 1))) (data as Float32Array).fill(value);
  };
  const read = (cache: ReturnType<typeof createKeyValueCache>, row: number, token: number) =>
    Object.values(cache.tensors(row, row + 1)).flatMap(({ data, shape: [, heads, capacity, size] }) =>
      Array.from({ length: heads! }, (_, head) => data[(head * capacity! + token) * size!]),
    );

  it("keeps the tokens in use when it grows, and says that its arrays are others", () => {
    const cache = createKeyValueCache(shape, "float32");
    cache.resize(2, 4, []);
    fill(cache, 0, 1);
    fill(cache, 1, 2);
    const before = cache.generation;
    cache.resize(3, 6, [4, 2]);
    expect(cache.generation).not.toBe(before);
    expect(read(cache, 0, 3)).toEqual(new Array(8).fill(1));
    expect(read(cache, 1, 1)).toEqual(new Array(8).fill(2));
    expect(read(cache, 1, 2)).toEqual(new Array(8).fill(0));
  });

  it("keeps them when it shrinks", () => {
    const cache = createKeyValueCache(shape, "float32");
    cache.resize(3, 9, []);
    fill(cache, 0, 1);
    cache.resize(1, 4, [3]);
    expect([cache.rows, cache.capacity]).toEqual([1, 4]);
    expect(read(cache, 0, 2)).toEqual(new Array(8).fill(1));
    expect(read(cache, 0, 3)).toEqual(new Array(8).fill(0));
  });

  it("moves and restores the tokens asked for, and no others", () => {
    const cache = createKeyValueCache(shape, "float32");
    cache.resize(3, 4, []);
    fill(cache, 2, 7);
    cache.move(2, 0, 3);
    expect(read(cache, 0, 2)).toEqual(new Array(8).fill(7));
    expect(read(cache, 0, 3)).toEqual(new Array(8).fill(0));
    const saved = cache.save(2, 4);
    cache.resize(3, 9, [3]);
    cache.restore(1, 2, saved);
    expect(read(cache, 1, 1)).toEqual(new Array(8).fill(7));
    expect(read(cache, 1, 2)).toEqual(new Array(8).fill(0));
  });
});

describe("steps of an int8 cache", () => {
  const shape = { layers: 1, keyValueHeads: 2, headSize: 4 };
  const [length, capacity] = [3, 5];
  const prompt = () => {
    const cache = createKeyValueCache(shape, "float32");
    cache.resize(1, capacity, []);
    for (const [name, { data }] of Object.entries(cache.tensors(0, 1))) {
      (data as Float32Array).forEach((_, i) => (data[i] = Math.sin(i) * (name === "keys.0" ? 3 : 0.5)));
    }
    return cache;
  };

  it("hold what was measured, turned or not, and are measured once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lorag-cache-scales-"));
    const from = prompt();
    let measured = 0;
    const find = () =>
      findCacheScales(folder, shape, async () => {
        measured++;
        return { cache: from, length };
      });
    const scales = await find();
    const tensors = from.tensors(0, 1);
    const keys = tensors["keys.0"]!.data as Float32Array;
    const values = tensors["values.0"]!.data as Float32Array;
    for (const head of [0, 1]) {
      for (let token = 0; token < length; token++) {
        for (const channel of [0, 1, 2, 3]) {
          const at = (head * capacity + token) * 4 + channel;
          const pair = Math.hypot(keys[at]!, keys[channel < 2 ? at + 2 : at - 2]!);
          expect(127 * scales.keys[0]![head * 4 + channel]!).toBeGreaterThanOrEqual(pair);
          expect(127 * scales.values[0]![head * 4 + channel]!).toBeGreaterThanOrEqual(Math.abs(values[at]!));
        }
      }
    }
    expect(await find()).toEqual(scales);
    expect(measured).toBe(1);
    await writeFile(join(folder, "cache-scales.json"), "{");
    expect(await find()).toEqual(scales);
    expect(measured).toBe(2);
    await rm(folder, { recursive: true });
  });
});

describe("adapters side by side", () => {
  it("gives every row its place among the members of its group, two at least", () => {
    const { size, members, home } = groupRows([1, 0, 1, 1], 2);
    expect(size).toBe(3);
    expect([...home].map((at) => members[Number(at)])).toEqual([0n, 1n, 2n, 3n]);
    expect([...home].map((at) => Math.floor(Number(at) / size))).toEqual([1, 0, 1, 1]);
    expect(groupRows([0], 1).size).toBe(2);
  });

  it("gives every row a place in each block of the products", () => {
    const { members, home } = groupRows([1, 0, 1], 2);
    const places = members.length;
    const homes = blockHomes(home, places, 2);
    expect([...homes]).toEqual([...home].flatMap((at) => [at, at + BigInt(places)]));
  });

  it("pads adapters of a lower rank, and the base, with zeros", () => {
    const shape = { inputs: 1, outputs: 2, modules: 2, blocks: [0, 1] };
    const adapter = (name: string, rank: number, first: number): LoadedAdapter => {
      const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => first + i);
      return { name, groups: new Map([["0.x", { rank, a: numbers(2 * rank), b: numbers(4 * rank) }]]) };
    };
    const members = [adapter("one", 2, 1), undefined, adapter("two", 1, 11)];
    const { tensors } = stackAdapters([{ name: "0.x", ...shape }], members, adapterRanks(members));
    expect(tensors["0.x.a.0"]!.shape).toEqual([3, 1, 4]);
    expect([...tensors["0.x.a.0"]!.data]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 11, 0, 12, 0]);
    expect(tensors["0.x.b"]!.shape).toEqual([2, 3, 2, 2]);
    expect([...tensors["0.x.b"]!.data]).toEqual(
      [
        [1, 2, 3, 4, 0, 0, 0, 0, 11, 12, 0, 0],
        [5, 6, 7, 8, 0, 0, 0, 0, 13, 14, 0, 0],
      ].flat(),
    );
  });

  it("puts the blocks of the adapter of a prompt on a diagonal, those of one module one after another", () => {
    const shape = { inputs: 1, outputs: 2, modules: 2, blocks: [0, 0, 1] };
    const b = Float32Array.from({ length: 12 }, (_, i) => i + 1);
    const adapter = { name: "x", groups: new Map([["0.x", { rank: 2, a: new Float32Array(4), b }]]) };
    const { tensors } = stackForPrompts([{ name: "0.x", ...shape }], adapter, adapterRanks([adapter]));
    expect(tensors["0.x.b"]!.shape).toEqual([1, 4, 6]);
    expect([...tensors["0.x.b"]!.data]).toEqual(
      [
        [1, 2, 5, 6, 0, 0],
        [3, 4, 7, 8, 0, 0],
        [0, 0, 0, 0, 9, 10],
        [0, 0, 0, 0, 11, 12],
      ].flat(),
    );
  });

  it("cuts wide adapters into pieces of their columns", () => {
    const shape = { inputs: 2, outputs: 1, modules: 1, blocks: [0] };
    const a = Float32Array.from({ length: 2 * 18 }, (_, i) => i);
    const wide = { name: "wide", groups: new Map([["0.x", { rank: 18, a, b: new Float32Array(18) }]]) };
    const { tensors } = stackAdapters([{ name: "0.x", ...shape }], [wide], adapterRanks([wide]));
    expect(tensors["0.x.a.1"]!.shape).toEqual([1, 2, 2]);
    expect([...tensors["0.x.a.1"]!.data]).toEqual([16, 17, 34, 35]);
  });
});

describe("prefix store", () => {
  const prompt = (shared: number, tail: number) => [
    ...Array.from({ length: shared }, (_, i) => i),
    ...new Array<number>(10).fill(1000 + tail),
  ];

  it("keeps what a second prompt shares with an earlier one", () => {
    const store = createPrefixStore(1000);
    expect(store.note(prompt(40, 1), undefined)).toBe(0);
    expect(store.note(prompt(40, 2), undefined)).toBe(40);
    store.keep({ tokens: prompt(40, 2).slice(0, 40), adapter: undefined, saved: [] });
    expect(store.find(prompt(40, 3), undefined).length).toBe(40);
    expect(store.note(prompt(40, 3), undefined)).toBe(0);
  });

  it("keeps no more tokens than it may, the latest", () => {
    const store = createPrefixStore(100);
    const long = (start: number) => Array.from({ length: 300 }, (_, i) => start + i);
    store.note(long(0), undefined);
    expect(store.note(long(0), undefined)).toBe(100);
    store.keep({ tokens: long(0).slice(0, 100), adapter: undefined, saved: [] });
    expect(store.note(long(0), undefined)).toBe(0);
    store.keep({ tokens: long(1000).slice(0, 60), adapter: undefined, saved: [] });
    expect([long(0), long(1000)].map((prompt) => store.find(prompt, undefined).length)).toEqual([0, 60]);
  });

  it("does not mix adapters, and forgets one that goes", () => {
    const store = createPrefixStore(1000);
    const adapter: LoadedAdapter = { name: "a", groups: new Map() };
    store.note(prompt(40, 1), adapter);
    expect(store.note(prompt(40, 2), undefined)).toBe(0);
    store.keep({ tokens: prompt(40, 1), adapter, saved: [] });
    expect(store.find(prompt(40, 1), undefined).length).toBe(0);
    store.forget(adapter);
    expect(store.find(prompt(40, 1), adapter).length).toBe(0);
  });
});
