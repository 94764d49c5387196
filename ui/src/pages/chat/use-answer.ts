import { useEffect, useRef } from "react";
import type { ChatEvent } from "../../../../src/contracts/index.ts";
import { ofProject, Problem, send } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { isAnswering, type Answering } from "./kept-kinds.ts";
import { useKept } from "./use-kept.ts";

/**
 * Asks once, and follows the answer as it comes. Leaving the view ends it on the server too, and coming back asks nothing
 * again: it may have been paid for. `turn` tells the same question from itself, asked twice.
 */
export function useAnswer(model: string, question: string, turn: number): Answering & { stop: () => void } {
  const project = useProject();
  const [state, setState] = useKept<Answering>(
    `answer/${turn}/${model}`,
    { isAsked: false, text: "" },
    isAnswering,
  );
  const found = useRef(state);
  const controller = useRef<AbortController>(undefined);
  useEffect(() => {
    const { isAsked, answer, error } = found.current;
    if (answer || error) return;
    if (isAsked) {
      const left = {
        message: "The view was left before the answer was whole.",
        next: "Ask again for all of it.",
      };
      setState((before) => ({ ...before, error: left }));
      return;
    }
    // Stored first, and asked once that is seen: a page that is loaded anew in between asks nothing twice either.
    if (!state.isAsked) {
      setState({ isAsked: true, text: "" });
      return;
    }
    const stop = new AbortController();
    controller.current = stop;
    const hear = (event: ChatEvent): void =>
      setState((before) => {
        if (event.kind === "text") return { ...before, text: before.text + event.text };
        return event.kind === "done"
          ? { ...before, answer: event.answer }
          : { ...before, error: event.error };
      });
    follow(project, model, question, stop.signal, hear).catch((error: unknown) => {
      if (stop.signal.aborted && stop.signal.reason !== "stopped") return;
      const next = error instanceof Problem ? error.next : "";
      const message = stop.signal.aborted
        ? "Stopped."
        : error instanceof Error
          ? error.message
          : String(error);
      setState((before) => ({ ...before, error: { message, next } }));
    });
    return () => stop.abort("left");
  }, [project, model, question, state.isAsked, setState]);
  return { ...state, stop: () => controller.current?.abort("stopped") };
}

async function follow(
  project: string,
  model: string,
  question: string,
  signal: AbortSignal,
  hear: (event: ChatEvent) => void,
): Promise<void> {
  const response = await send(ofProject(project, "chat"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: question }] }),
    signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) hear(JSON.parse(line) as ChatEvent);
  }
}
