import { LoragError, type Service, type ServedAnswer, type ServedRequest } from "../contracts/index.ts";

export const stubWords = ["The ", "adult ", "fare ", "is ", "£5 ", "[1]."];
const hit = {
  chunk: {
    id: "c1",
    documentId: "fares.md",
    title: "Fares",
    headings: ["Adults"],
    text: "Adults pay £5.",
    start: 0,
    end: 14,
  },
  score: 1,
  ranks: {},
};
const usage = { promptTokens: 9, completionTokens: 6, cachedTokens: 2 };

/** Answers a fixed text word by word, slowly where asked to, until it is told to stop. */
export function createStub(): Service & { seen: ServedRequest[]; stopped: number } {
  const stub = {
    seen: [] as ServedRequest[],
    stopped: 0,
    models: async () => [
      { id: "base", kind: "base" as const, created: 1 },
      { id: "ferry:rag", kind: "arm" as const, root: "base", created: 1 },
      { id: "ferry:tuned", kind: "adapter" as const, root: "base", parent: "base", created: 1 },
      { id: "embed", kind: "embedder" as const, created: 1 },
    ],
    async answer(model: string, request: ServedRequest): Promise<ServedAnswer> {
      stub.seen.push(request);
      const asked = request.messages.at(-1)!.content;
      if (asked.startsWith("fault")) {
        if (asked === "fault") request.onText?.("The ");
        throw new Error("secret of /home/someone");
      }
      if (asked === "too long") {
        throw new LoragError({
          code: "LORAG_PROMPT_TOO_LONG",
          kind: "data",
          message: "The prompt has 9 tokens; the context holds 8",
          next: "Shorten it.",
        });
      }
      // Says nothing until it is told to stop.
      if (asked === "silent")
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      let text = "";
      for (const word of asked === "slow" ? new Array<string>(1000).fill("word ") : stubWords) {
        if (request.signal.aborted) {
          stub.stopped++;
          return { text, finishReason: "cancelled", usage, citations: [], hits: [] };
        }
        text += word;
        request.onText?.(word);
        if (asked === "slow") await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (asked === "invent") text = "I do not know.";
      const isArm = model.endsWith(":rag");
      const { chunk } = hit;
      const place = {
        documentId: chunk.documentId,
        title: chunk.title,
        headings: chunk.headings,
        start: 0,
        end: 14,
      };
      const citation = { marker: 1, chunkId: "c1", ...place, verdict: "supported" as const };
      return {
        text,
        finishReason: "stop",
        usage,
        citations: isArm ? [citation] : [],
        hits: isArm ? [hit] : [],
        ...(isArm && { indexGeneration: 3 }),
      };
    },
    embed: async (texts: string[]) => texts.map((text) => Float32Array.of(1, 0, text.length)),
  };
  return stub;
}
