import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { isText } from "./kept-kinds.ts";
import { useKept } from "./use-kept.ts";

interface Told {
  model: string;
  question: string;
  turn: number;
  answer: string;
}

/** Good answers and corrected ones become examples, with where they came from. */
export function Feedback({ model, question, turn, answer }: Told) {
  const project = useProject();
  const [file, setFile] = useKept(`feedback/${turn}/${model}`, "", isText);
  const [isCorrecting, setCorrecting] = useState(false);
  const [corrected, setCorrected] = useState(answer);
  const keep = useMutation({
    mutationFn: (said: { isGood: boolean; corrected?: string }) =>
      post<{ file: string }>(ofProject(project, "chat/feedback"), { question, answer, model, ...said }),
    onSuccess: (kept) => setFile(kept.file),
  });
  if (file !== "")
    return (
      <p className="meta" role="status">
        Kept in {file}. Name it under datasets or test_datasets to use it.
      </p>
    );
  return (
    <div className="feedback">
      <div className="row">
        <button
          type="button"
          className="quiet"
          aria-label="Good answer"
          disabled={keep.isPending}
          onClick={() => keep.mutate({ isGood: true })}
        >
          Good
        </button>
        <button
          type="button"
          className="quiet"
          aria-label="Bad answer"
          aria-expanded={isCorrecting}
          onClick={() => setCorrecting(!isCorrecting)}
        >
          Bad
        </button>
      </div>
      {isCorrecting ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            keep.mutate({
              isGood: false,
              ...(corrected.trim() !== "" && corrected !== answer && { corrected }),
            });
          }}
        >
          <label>
            What should it have said?
            <textarea rows={3} value={corrected} onChange={(event) => setCorrected(event.target.value)} />
          </label>
          <button type="submit" disabled={keep.isPending}>
            {corrected.trim() === "" || corrected === answer
              ? "Only say that it is bad"
              : "Keep as an example"}
          </button>
        </form>
      ) : null}
      {keep.error ? <ProblemNote error={keep.error} /> : null}
    </div>
  );
}
