import { useEffect, useRef, useState } from "react";
import type { ChatAnswer, ChatEvent } from "../../../../src/contracts/index.ts";
import { ofProject, Problem, send } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";

interface Answering {
  /** So far. */
  text: string;
  answer?: ChatAnswer;
  error?: { message: string; next: string };
}

/** Asks once, and follows the answer as it comes; leaving the view ends it on the server too. */
export function useAnswer(model: string, question: string): Answering & { stop: () => void } {
  const project = useProject();
  const [state, setState] = useState<Answering>({ text: "" });
  const controller = useRef<AbortController>(undefined);
  useEffect(() => {
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
  }, [project, model, question]);
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
