import { expect, it } from "vitest";
import type { ChatModel, Message } from "../contracts/index.ts";

const chat = (content: string): Message[] => [{ role: "user", content }];
const capital = chat("What is the capital of France?");

/**
 * What every ChatModel must do. The model knows the capital of France, can write at length, and stays open; `open`
 * gives the same one each time.
 */
export function testChatModel(name: string, open: () => ChatModel): void {
  const isRight = /^The capital of France is Paris\b/;

  it(`${name}: says why it ended, and counts tokens`, async () => {
    const model = open();
    expect(model.identity).not.toBe("");
    const answer = await model.generate({ messages: capital });
    expect(answer.text).toMatch(isRight);
    expect(answer.finishReason).toBe("stop");
    expect(answer.usage.promptTokens).toBeGreaterThan(0);
    const longer = await model.countTokens(chat(`${capital[0]!.content} And of Spain?`));
    expect(longer).toBeGreaterThan(await model.countTokens(capital));
    expect(answer.usage.completionTokens).toBeGreaterThanOrEqual(7);
    expect(answer.firstTokenMs).toBeLessThanOrEqual(answer.totalMs);
    const cut = await model.generate({ messages: capital, sampling: { maxTokens: 3 } });
    expect(cut).toMatchObject({ finishReason: "length", usage: { completionTokens: 3 } });
  });

  it(`${name}: streams the text that it returns, whole characters at a time`, async () => {
    const pieces: string[] = [];
    const { text } = await open().generate({
      messages: chat("Repeat exactly: naïve café 🚢 日本語 🚢"),
      sampling: { maxTokens: 40 },
      onText: (piece) => pieces.push(piece),
    });
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(text);
    expect(pieces.join("")).not.toContain("\uFFFD");
  });

  it(`${name}: stops at a stop string and leaves it out, streamed or not`, async () => {
    for (const onText of [undefined, () => {}]) {
      const sampling = { stop: [" is Par"] };
      const answer = await open().generate({ messages: capital, sampling, ...(onText && { onText }) });
      expect(answer).toMatchObject({ text: "The capital of France", finishReason: "stop" });
    }
  });

  it(`${name}: ends soon after an abort, and goes on with the others`, async () => {
    const model = open();
    const controller = new AbortController();
    let shown = 0;
    const aborted = model.generate({
      messages: chat("Count from one to five hundred."),
      sampling: { maxTokens: 300 },
      signal: controller.signal,
      onText: () => {
        if (++shown === 5) controller.abort();
      },
    });
    const other = model.generate({ messages: capital });
    const { finishReason, usage, text } = await aborted;
    expect(finishReason).toBe("cancelled");
    expect(usage.completionTokens).toBeLessThan(12);
    expect(text.length).toBeGreaterThan(0);
    expect((await other).text).toMatch(isRight);
    const answer = await model.generate({ messages: chat("Hello"), signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ finishReason: "cancelled" });
    expect(answer.usage.completionTokens).toBeLessThanOrEqual(1);
  });

  it(`${name}: refuses sampling by what is no number and an adapter that is not there; the others go on`, async () => {
    const model = open();
    const other = model.generate({ messages: capital });
    const hello = chat("Hello");
    await expect(model.generate({ messages: hello, sampling: { temperature: NaN } })).rejects.toMatchObject({
      code: "LORAG_SAMPLING",
    });
    await expect(model.generate({ messages: hello, adapter: "nobody" })).rejects.toMatchObject({
      code: "LORAG_UNKNOWN_ADAPTER",
    });
    expect((await other).text).toMatch(isRight);
  });

  it(`${name}: ends a request whose listener throws, with what was thrown`, async () => {
    const fault = new Error("the listener's own");
    const onText = (): void => {
      throw fault;
    };
    const request = { messages: chat("Count to a hundred."), sampling: { maxTokens: 300 }, onText };
    await expect(open().generate(request)).rejects.toBe(fault);
    expect((await open().generate({ messages: capital })).text).toMatch(isRight);
  });
}
