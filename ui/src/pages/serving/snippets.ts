const base = "http://127.0.0.1:8321/v1";
const asked = "What does it cost?";

/** Ready to paste; the model's name is quoted as each language quotes texts. */
export const snippets: { name: string; write: (model: string) => string }[] = [
  {
    name: "curl",
    write: (model) =>
      `curl ${base}/chat/completions -H "Content-Type: application/json" \\\n  -d ${shell(JSON.stringify({ model, messages: [{ role: "user", content: asked }] }))}`,
  },
  {
    name: "Python",
    write: (model) =>
      `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}", api_key="none")\nanswer = client.chat.completions.create(\n    model=${JSON.stringify(model)},\n    messages=[{"role": "user", "content": "${asked}"}],\n)\nprint(answer.choices[0].message.content)`,
  },
  {
    name: "TypeScript",
    write: (model) =>
      `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base}", apiKey: "none" });\nconst answer = await client.chat.completions.create({\n  model: ${JSON.stringify(model)},\n  messages: [{ role: "user", content: "${asked}" }],\n});\nconsole.log(answer.choices[0].message.content);`,
  },
  {
    name: "LangChain",
    write: (model) =>
      `from langchain_openai import ChatOpenAI\n\nmodel = ChatOpenAI(base_url="${base}", api_key="none", model=${JSON.stringify(model)})\nprint(model.invoke("${asked}").content)`,
  },
  {
    name: "Open WebUI",
    write: (model) =>
      `Settings → Connections → OpenAI API\n  URL  ${base}\n  Key  none\nThen choose the model ${model}.`,
  },
];

const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
