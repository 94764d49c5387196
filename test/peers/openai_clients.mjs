// Calls a running server as Node's clients do: openai_clients.mjs FOLDER ADDRESS MODEL EMBEDDER, the clients being
// installed in FOLDER. Prints a line of JSON for each thing tried, as openai_clients.py does.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, baseURL, model, embedder] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: OpenAI } = await load("openai");
const { generateText, streamText, embedMany } = await load("ai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
const { createOpenAI } = await load("@ai-sdk/openai");
const { ChatOpenAI, OpenAIEmbeddings } = await load("@langchain/openai");

const apiKey = "none";
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const prompt = "what is c?";
const greedy = { model, max_tokens: 8, temperature: 0 };
const messages = [{ role: "user", content: prompt }];
const ask = async () =>
  (await client.chat.completions.create({ ...greedy, messages })).choices[0].message.content;

async function storeOf(text) {
  const file = await client.files.create({ file: new File([text], "ferry.md"), purpose: "assistants" });
  const store = await client.vectorStores.create({ name: "town" });
  const added = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id });
  assert.equal(added.status, "completed");
  return store.id;
}

const tries = {
  async openai() {
    const stream = client.chat.completions.stream({ ...greedy, messages });
    const final = await stream.finalContent();
    assert.equal(final, await ask());
    const { data } = await client.embeddings.create({ model: embedder, input: ["a", "b"] });
    assert.equal(data.length, 2);
    const store = await storeOf("A dog pays three pounds.");
    const tools = [{ type: "file_search", vector_store_ids: [store] }];
    const answer = await client.responses.create({ model, input: prompt, tools });
    assert.equal(answer.output[0].type, "file_search_call");
  },
  async aiSdkCompatible() {
    const own = createOpenAICompatible({ name: "lorag", baseURL, includeUsage: true });
    const settings = { model: own(model), prompt, maxOutputTokens: 8, temperature: 0 };
    const whole = await generateText(settings);
    assert.equal(whole.text, await ask());
    assert.ok(whole.usage.totalTokens > 0);
    const streamed = streamText(settings);
    let text = "";
    for await (const piece of streamed.textStream) text += piece;
    assert.equal(text, whole.text);
    assert.ok((await streamed.usage).totalTokens > 0);
    assert.match(await streamed.finishReason, /^(?:stop|length)$/);
    const { embeddings } = await embedMany({ model: own.embeddingModel(embedder), values: ["a", "b"] });
    assert.equal(embeddings.length, 2);
  },
  async aiSdkOpenai() {
    const own = createOpenAI({ baseURL, apiKey });
    const chat = { model: own.chat(model), prompt, maxOutputTokens: 8, temperature: 0 };
    assert.equal((await generateText(chat)).text, await ask());
    const store = await storeOf("A dog pays three pounds.");
    const tools = { file_search: own.tools.fileSearch({ vectorStoreIds: [store] }) };
    const searched = await generateText({ model: own.responses(model), prompt, tools, maxOutputTokens: 8 });
    assert.ok(searched.toolResults.length + searched.text.length > 0);
    const streamed = streamText({ model: own.responses(model), prompt, maxOutputTokens: 8 });
    let text = "";
    for await (const piece of streamed.textStream) text += piece;
    assert.equal(text, await ask());
  },
  async langchain() {
    const configuration = { baseURL };
    const own = new ChatOpenAI({ model, apiKey, configuration, maxTokens: 8, temperature: 0 });
    assert.equal((await own.invoke(prompt)).content, await ask());
    let text = "";
    for await (const piece of await own.stream(prompt)) text += piece.content;
    assert.equal(text, await ask());
    const byResponses = new ChatOpenAI({
      model,
      apiKey,
      configuration,
      maxTokens: 8,
      temperature: 0,
      useResponsesApi: true,
    });
    assert.equal((await byResponses.invoke(prompt)).text, await ask());
    const vectors = await new OpenAIEmbeddings({ model: embedder, apiKey, configuration }).embedDocuments([
      "a",
      "b",
    ]);
    assert.equal(vectors.length, 2);
  },
};

for (const [name, attempt] of Object.entries(tries)) {
  const error = await attempt().then(
    () => null,
    (fault) => String(fault.stack ?? fault).slice(0, 800),
  );
  console.log(JSON.stringify({ name, error }));
}
