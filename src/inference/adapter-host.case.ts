import { expect, it } from "vitest";
import type { AdapterHost, ChatModel } from "../contracts/index.ts";

/**
 * What every AdapterHost must do. `writeAdapter` writes an adapter for its base model, strong enough to change answers,
 * and returns its folder.
 */
export function testAdapterHost(
  name: string,
  open: () => ChatModel & AdapterHost,
  writeAdapter: (name: string, seed: number) => Promise<string>,
): void {
  const questions = ["What is a tide?", "Name a colour.", "Say hello.", "Why do people like kites?"];
  // A short answer alone may withstand an adapter of noise.
  const say = async (adapter?: string): Promise<string> => {
    const answers = questions.map((content) =>
      open().generate({
        messages: [{ role: "user", content }],
        sampling: { maxTokens: 16 },
        ...(adapter && { adapter }),
      }),
    );
    return (await Promise.all(answers)).map(({ text }) => text).join("\n");
  };
  const unknown = { code: "LORAG_UNKNOWN_ADAPTER" };

  it(`${name}: binds a name, binds it anew and takes it out while the base stays loaded`, async () => {
    const model = open();
    const [folder, other] = [await writeAdapter("first", 21), await writeAdapter("second", 22)];
    const base = await say();
    await Promise.all([model.loadAdapter("first", folder), model.loadAdapter("second", other)]);
    const [first, second] = [await say("first"), await say("second")];
    expect(new Set([base, first, second]).size).toBe(3);
    await model.loadAdapter("first", other);
    expect(await say("first")).toBe(second);
    await model.unloadAdapter("first");
    await expect(say("first")).rejects.toMatchObject(unknown);
    await model.unloadAdapter("second");
    expect(await say()).toBe(base);
  });

  it(`${name}: refuses a folder without an adapter, and keeps what had the name`, async () => {
    const model = open();
    const folder = await writeAdapter("kept", 23);
    await model.loadAdapter("kept", folder);
    const kept = await say("kept");
    await expect(model.loadAdapter("kept", `${folder}-none`)).rejects.toMatchObject({
      code: "LORAG_ADAPTER_MISSING",
    });
    expect(await say("kept")).toBe(kept);
    await model.unloadAdapter("kept");
    await model.unloadAdapter("never there");
  });
}
