import { expect, it } from "vitest";
import { createMcpServer } from "./mcp.ts";
import { createStub } from "./stub-service.case.ts";

type Transport = Parameters<ReturnType<typeof createMcpServer>["connect"]>[0];

/** A transport on which a test speaks for the client. */
function connected() {
  const replies = new Map<unknown, (message: Record<string, unknown>) => void>();
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    send: async (message) => {
      const { id } = message as { id?: unknown };
      replies.get(id)?.(message as Record<string, unknown>);
    },
  };
  let last = 0;
  const call = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const id = ++last;
    const reply = new Promise<Record<string, unknown>>((resolve) => replies.set(id, resolve));
    transport.onmessage?.({ jsonrpc: "2.0", id, method, params } as never);
    return (await reply)["result"] as Record<string, unknown>;
  };
  return { transport, call };
}

it("lists its tools, answers with citations, and tells a fault without its secrets", async () => {
  const options = { service: createStub(), project: "ferry", version: "1" };
  const server = createMcpServer(options, new AbortController().signal);
  const { transport, call } = connected();
  await server.connect(transport);
  await call("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  });
  const { tools } = (await call("tools/list", {})) as {
    tools: { name: string; annotations: { readOnlyHint: boolean } }[];
  };
  expect(tools.map(({ name }) => name).toSorted()).toEqual(["ask", "list", "search"]);
  expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
  const use = async (name: string, given: object) => {
    const result = (await call("tools/call", { name, arguments: given })) as {
      content: { text: string }[];
      isError?: boolean;
    };
    return { isError: result.isError ?? false, text: result.content[0]!.text };
  };
  const answer = JSON.parse(
    (await use("ask", { question: "What is the fare?", model: "ferry:rag" })).text,
  ) as object;
  expect(answer).toMatchObject({ model: "ferry:rag", citations: [{ filename: "Fares" }] });
  expect((await use("list", {})).text).toContain("ferry:tuned");
  expect(await use("ask", { question: "fault", model: "base" })).toMatchObject({
    isError: true,
    text: expect.not.stringMatching(/secret|home/) as string,
  });
  expect(await use("ask", { question: "x", model: "none" })).toMatchObject({ isError: true });
});
