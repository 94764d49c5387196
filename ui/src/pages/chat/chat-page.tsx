import { useState, type FormEvent } from "react";
import type { ServedModel } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { ChatColumn } from "./chat-column.tsx";

const most = 4;

/** One question to up to four arms side by side. */
export function ChatPage() {
  const { data: models, error } = useOfProject<ServedModel[]>("chat/models");
  const [chosen, setChosen] = useState<string[]>();
  const [draft, setDraft] = useState("");
  const [asked, setAsked] = useState<{ text: string; number: number }[]>([]);
  const names =
    chosen ??
    models
      ?.filter(({ kind }) => kind === "arm")
      .slice(0, 2)
      .map(({ id }) => id) ??
    [];
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    const text = draft.trim();
    if (text === "" || names.length === 0) return;
    setAsked([{ text, number: asked.length + 1 }, ...asked]);
    setDraft("");
  };
  return (
    <>
      <h1>Chat</h1>
      {error ? <ProblemNote error={error} /> : null}
      {models || error ? null : <Waiting what="Looking at what can answer" />}
      {models ? (
        <fieldset className="row arms">
          <legend>Who answers, four at most. Arms put the question as they were compared.</legend>
          {models.map(({ id }) => (
            <label key={id} className="check">
              <input
                type="checkbox"
                checked={names.includes(id)}
                disabled={!names.includes(id) && names.length >= most}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...names, id] : names.filter((name) => name !== id))
                }
              />
              <span className="lines">{id}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <form className="row ask" onSubmit={ask}>
        <label className="grow">
          Question
          <textarea
            rows={2}
            value={draft}
            maxLength={100_000}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              // The Enter that ends a word of an input method is part of writing it.
              if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) ask(event);
            }}
          />
        </label>
        <button type="submit" className="primary" disabled={draft.trim() === "" || names.length === 0}>
          Ask
        </button>
      </form>
      {asked.map(({ text, number }, index) => (
        <Turn key={number} question={text} models={index === 0 ? names : undefined} />
      ))}
    </>
  );
}

/** A question stays with those who were asked it. */
function Turn({ question, models }: { question: string; models: string[] | undefined }) {
  const [first] = useState(models ?? []);
  return (
    <section className="turn">
      <h2 className="lines question-title">{question}</h2>
      <div className="columns-4">
        {first.map((model) => (
          <ChatColumn key={model} model={model} question={question} />
        ))}
      </div>
    </section>
  );
}
