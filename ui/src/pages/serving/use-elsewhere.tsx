import * as Tabs from "@radix-ui/react-tabs";
import { useState } from "react";
import { useProject } from "../../api/use-project.ts";
import { snippets } from "./snippets.ts";

/** Ready-to-paste lines for other programs. */
export function UseElsewhere({ models }: { models: string[] }) {
  const project = useProject();
  const [chosen, setChosen] = useState<string>();
  const model = chosen ?? models[0] ?? "";
  return (
    <section aria-labelledby="use">
      <h2 id="use">Use it from other programs</h2>
      <p>
        Start <code>lorag serve -p {project}</code>; it speaks OpenAI’s API on 127.0.0.1:8321. What is not
        trained or indexed yet is not listed: a run makes it.
      </p>
      <label className="stack">
        Model
        <select value={model} onChange={(event) => setChosen(event.target.value)}>
          {models.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <Tabs.Root defaultValue={snippets[0]!.name} className="tabs">
        <Tabs.List aria-label="Program">
          {snippets.map(({ name }) => (
            <Tabs.Trigger key={name} value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {snippets.map(({ name, write }) => (
          <Tabs.Content key={name} value={name}>
            <Snippet text={write(model)} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}

function Snippet({ text }: { text: string }) {
  const [copied, setCopied] = useState<string>();
  return (
    <>
      <pre className="shown" tabIndex={0}>
        {text}
      </pre>
      <button
        type="button"
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setCopied(text),
            // The browser keeps its clipboard to itself: the text can still be marked.
            () => setCopied(undefined),
          );
        }}
      >
        {copied === text ? "Copied" : "Copy"}
      </button>
    </>
  );
}
