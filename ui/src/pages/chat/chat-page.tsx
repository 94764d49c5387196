import type { FormEvent } from "react";
import type { ServedModel } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { ChatColumn } from "./chat-column.tsx";
import { isText, isTexts, isTurns, type Turn } from "./kept-kinds.ts";
import { useKept } from "./use-kept.ts";

const most = 4;

/** One question to up to four arms side by side. */
export function ChatPage() {
  const { data: models, error } = useOfProject<ServedModel[]>("chat/models");
  const [chosen, setChosen] = useKept<string[] | undefined>("chosen", undefined, isTexts);
  const [draft, setDraft] = useKept("draft", "", isText);
  const [asked, setAsked] = useKept<Turn[]>("asked", [], isTurns);
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
    setAsked([{ text, models: names, number: Date.now() }, ...asked]);
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
              if (event.key === "Enter" && !event.shiftKey && !isComposing(event.nativeEvent)) ask(event);
            }}
          />
        </label>
        <button type="submit" className="primary" disabled={draft.trim() === "" || names.length === 0}>
          Ask
        </button>
      </form>
      {asked.map((turn) => (
        <TurnSection key={turn.number} turn={turn} />
      ))}
    </>
  );
}

/**
 * Whether an input method is at work: the Enter that ends its word is part of writing it. Safari tells that Enter after the
 * word has ended, by the key code alone.
 */
const isComposing = ({ isComposing: isWriting, keyCode }: KeyboardEvent): boolean =>
  isWriting || keyCode === 229;

/** A question stays with those who were asked it. */
function TurnSection({ turn }: { turn: Turn }) {
  const { text, models, number } = turn;
  return (
    <section className="turn">
      <h2 className="lines question-title">{text}</h2>
      <div className="columns-4">
        {models.map((model) => (
          <ChatColumn key={model} model={model} question={text} turn={number} />
        ))}
      </div>
    </section>
  );
}
