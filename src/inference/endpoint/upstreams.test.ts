import { afterAll, expect, it } from "vitest";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEndpointModel } from "./endpoint-model.ts";
import { sendAnswer, startServer } from "./test-server.case.ts";
import { createUpstreams } from "./upstreams.ts";

it("takes the least busy, leaves one that fails alone, and lets one try find out whether it works again", () => {
  let now = 0;
  const upstreams = createUpstreams(["a", "b"], () => now);
  const [first, second] = [upstreams.take(), upstreams.take()];
  expect([first.address, second.address]).toEqual(["a", "b"]);
  first.end(false);
  second.end(true);
  expect(upstreams.hasOther).toBe(true);
  const busy = [upstreams.take(), upstreams.take(), upstreams.take()];
  expect(busy.map(({ address }) => address)).toEqual(["b", "b", "b"]);
  now = 500;
  const trial = upstreams.take();
  expect(trial.address).toBe("a");
  expect(upstreams.take().address).toBe("b");
  trial.end(false);
  now = 1000;
  // The second pause is twice as long.
  expect(upstreams.take().address).toBe("b");
  now = 1500;
  const again = upstreams.take();
  expect(again.address).toBe("a");
  again.end(true);
  expect([upstreams.take().address, upstreams.take().address]).toEqual(["a", "a"]);
});

it("tries one address, however often that failed, where there is no other", () => {
  const alone = createUpstreams(["a"], () => 0);
  for (let index = 0; index < 3; index++) alone.take().end(false);
  expect([alone.take().address, alone.hasOther]).toEqual(["a", false]);
});

let doomed: Server;
afterAll(() => doomed.close());

it("loses no request when one of two servers is killed under load", async () => {
  const healthy = await startServer((_, response) => {
    setTimeout(() => sendAnswer(response, ["from the other"]), 3);
  });
  let asked = 0;
  doomed = createServer((request, response) => {
    request.resume().on("end", () => {
      // It dies with requests under way.
      if (++asked < 20) return void setTimeout(() => sendAnswer(response, ["from the first"]), 3);
      doomed.close();
      doomed.closeAllConnections();
    });
  });
  await new Promise<void>((resolve) => doomed.listen(0, "127.0.0.1", resolve));
  const dead = `http://127.0.0.1:${(doomed.address() as AddressInfo).port}/v1`;
  const { endpoint } = healthy.entry();
  const model = createEndpointModel({
    entry: healthy.entry({ endpoint: dead, replicas: [endpoint], concurrency: 16 }),
    patience: { tries: 4, firstWaitMs: 1, mostWaitMs: 10 },
  });
  const messages = [{ role: "user" as const, content: "Who are you?" }];
  const answers = await Promise.all(
    Array.from({ length: 200 }, async () => (await model.generate({ messages })).text),
  );
  const of = (text: string): number => answers.filter((each) => each === text).length;
  expect(of("from the first")).toBeGreaterThan(0);
  expect(of("from the first") + of("from the other")).toBe(200);
  // What is dead is tried now and then, not by each request.
  expect(healthy.seen.length).toBe(of("from the other"));
});
