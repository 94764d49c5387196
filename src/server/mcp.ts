import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { LoragError, type Service } from "../contracts/index.ts";
import { annotate } from "./annotations.ts";
import { toApiError } from "./api-error.ts";

const readOnly = { annotations: { readOnlyHint: true, openWorldHint: false } };

/** Tools of the Model Context Protocol over a project: search, ask, list. None changes anything. */
export function createMcpServer(
  { service, project, version }: { service: Service; project: string; version: string },
  signal: AbortSignal,
): McpServer {
  const server = new McpServer({ name: "lorag", version });
  server.registerTool(
    "search",
    {
      title: "Search the documents",
      description: `Finds the passages of the documents of ${project} that are nearest to a question, best first.`,
      inputSchema: z.object({
        query: z.string().min(1).max(4000).describe("A question, or a few words."),
        limit: z.int().min(1).max(20).default(5).describe("Most passages."),
      }),
      ...readOnly,
    },
    ({ query, limit }) =>
      asResult(async () => {
        const stores = service.storage!.stores;
        const store = await stores.get("", project);
        if (!store) throw notIndexed();
        const hits = await stores.search(store, query, limit);
        return hits.map(({ chunk: { documentId, title, headings, text, page }, score }) => ({
          document: documentId,
          title,
          headings,
          ...(page !== undefined && { page }),
          score,
          text,
        }));
      }),
  );
  server.registerTool(
    "ask",
    {
      title: "Ask the project",
      description: `Answers a question by the contender of ${project} that the last comparison chose, with checked citations.`,
      inputSchema: z.object({
        question: z.string().min(1).max(20_000),
        model: z.string().optional().describe("A name that `list` gives; the winner's where absent."),
      }),
      ...readOnly,
    },
    ({ question, model }) =>
      asResult(async () => {
        const models = (await service.models()).filter(({ kind }) => kind !== "embedder");
        const id = model ?? models.find((each) => each.id === `${project}:auto`)?.id ?? models[0]!.id;
        if (!models.some((each) => each.id === id))
          throw noModel(
            id,
            models.map((each) => each.id),
          );
        const messages = [{ role: "user" as const, content: question }];
        const answered = await service.answer(id, { messages, sampling: {}, signal });
        const { text, citations, hits, indexGeneration } = answered;
        return {
          model: id,
          answer: text,
          citations: annotate(text, citations, hits),
          ...(indexGeneration !== undefined && { index_generation: indexGeneration }),
        };
      }),
  );
  server.registerTool(
    "list",
    {
      title: "List what can be asked",
      description: `Lists the models and contenders of ${project} that are ready to answer.`,
      inputSchema: z.object({}),
      ...readOnly,
    },
    () =>
      asResult(async () =>
        (await service.models()).map(({ id, kind, root }) => ({
          id,
          kind,
          ...(root && { standsFor: root }),
        })),
      ),
  );
  return server;
}

/** Faults are told to the model that called, in so far as it may know of them. */
async function asResult(work: () => Promise<unknown>) {
  try {
    return { content: [{ type: "text" as const, text: JSON.stringify(await work(), null, 2) }] };
  } catch (error) {
    return { isError: true, content: [{ type: "text" as const, text: toApiError(error).message }] };
  }
}

const notIndexed = (): LoragError =>
  new LoragError({
    code: "LORAG_NOT_INDEXED",
    kind: "missing",
    message: "The project has no index",
    next: "Run `lorag index` first.",
  });

const noModel = (id: string, known: string[]): LoragError =>
  new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `There is no model ${JSON.stringify(id.slice(0, 100))}`,
    next: `There are ${known.join(", ")}.`,
  });
