import { expect, it } from "vitest";
import { testEmbedder } from "../embedder.case.ts";
import { createEndpointEmbedder } from "./endpoint-embedder.ts";
import { goodServer, sendJson, startServer } from "./test-server.case.ts";

const patience = { tries: 2, firstWaitMs: 1, mostWaitMs: 10 };
const good = await startServer(goodServer);
testEmbedder("endpoint", () => createEndpointEmbedder({ entry: good.entry() }));

it.each<[string, unknown, RegExp]>([
  ["too few", { data: [] }, /0 vectors for 1 texts/],
  ["no list", { embeddings: [[1]] }, /holds none/],
  ["zeros", { data: [{ index: 0, embedding: [0, 0] }] }, /without a direction/],
])("refuses vectors that are none: %s", async (_, body, says) => {
  const server = await startServer((_, response) => sendJson(response, 200, body));
  await expect(createEndpointEmbedder({ entry: server.entry(), patience })).rejects.toMatchObject({
    code: "LORAG_ENDPOINT_ANSWER",
    message: says,
  });
});

it("refuses a model whose vectors change their size", async () => {
  let size = 1;
  const server = await startServer((_, response) =>
    sendJson(response, 200, { data: [{ index: 0, embedding: new Array<number>(++size).fill(1) }] }),
  );
  const embedder = await createEndpointEmbedder({ entry: server.entry() });
  await expect(embedder.embed(["ferry"])).rejects.toMatchObject({ message: /vectors of 3 numbers after 2/ });
});
