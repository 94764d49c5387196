import { expect, test } from "vitest";
import { readAhead } from "./read-ahead.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const piece = (size: number): Uint8Array => new Uint8Array(size).fill(7);

test("what came before a break is handed out, however late it is taken", async () => {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  const pieces = readAhead(body);
  for (let n = 0; n < 5; n++) {
    controller!.enqueue(piece(10));
    await pause(1);
  }
  controller!.error(new TypeError("terminated"));
  await pause(5);
  let bytes = 0;
  const taking = async (): Promise<void> => {
    for await (const { byteLength } of pieces) bytes += byteLength;
  };
  await expect(taking()).rejects.toThrow("terminated");
  expect(bytes).toBe(50);
});

test("no more is read ahead than was said, and all of it arrives in order", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (pulled === 50) return controller.close();
        controller.enqueue(piece(100).fill(pulled++));
      },
    },
    { highWaterMark: 0 },
  );
  const pieces = readAhead(body, 1000);
  await pause(20);
  expect(pulled).toBeLessThan(15);
  const seen: number[] = [];
  for await (const [first] of pieces) seen.push(first!);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

test("who takes no more cancels the body", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(piece(100)),
    cancel: () => void (cancelled = true),
  });
  for await (const taken of readAhead(body, 500)) {
    expect(taken).toHaveLength(100);
    break;
  }
  expect(cancelled).toBe(true);
});
