import * as Tabs from "@radix-ui/react-tabs";
import { useState } from "react";
import type { ServingView } from "../../../../src/contracts/index.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { bytes } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { When } from "../../parts/when.tsx";
import { snippets } from "./snippets.ts";

/** What can be asked, and how other programs ask it. */
export function ServingPage() {
  const project = useProject();
  const { data, error } = useOfProject<ServingView>("serving", {}, { refetchInterval: 10_000 });
  const [chosen, setChosen] = useState<string>();
  const models = data?.models ?? [];
  const model =
    chosen ??
    models.find(({ id }) => id.endsWith(":auto"))?.id ??
    models.find(({ kind }) => kind !== "embedder")?.id ??
    "";
  return (
    <>
      <h1>Serving</h1>
      <p className="lead">
        {data
          ? `This page’s server takes ${bytes(data.memory)}; models are opened in processes of their own when they are first asked.`
          : null}
      </p>
      {error ? <ProblemNote error={error} /> : null}
      {data || error ? null : <Waiting what="Looking at what is ready" />}
      {data ? (
        <div className="scroll" tabIndex={0} role="region" aria-label="Models">
          <table className="tests left">
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Kind</th>
                <th scope="col">Stands on</th>
                <th scope="col">Size</th>
                <th scope="col">Listed since</th>
              </tr>
            </thead>
            <tbody>
              {models.map(({ id, kind, root, bytes: size, created }) => (
                <tr key={id}>
                  <th scope="row">{id}</th>
                  <td>{kind}</td>
                  <td>{root ?? "–"}</td>
                  <td>{size === undefined ? "–" : bytes(size)}</td>
                  <td>
                    <When iso={new Date(created * 1000).toISOString()} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <section aria-labelledby="use">
        <h2 id="use">Use it from other programs</h2>
        <p>
          Start <code>lorag serve -p {project}</code>; it speaks OpenAI’s API on 127.0.0.1:8321. What is not
          trained or indexed yet is not listed: a run makes it.
        </p>
        <label className="stack">
          Model
          <select value={model} onChange={(event) => setChosen(event.target.value)}>
            {models
              .filter(({ kind }) => kind !== "embedder")
              .map(({ id }) => (
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
    </>
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
