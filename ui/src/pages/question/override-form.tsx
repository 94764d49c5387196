import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AnswerRecord } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";

/** "This grade is wrong": kept with its reason in a file of its own, and counted in the report. */
export function OverrideForm({
  question,
  arm,
  answer,
}: {
  question: string;
  arm: string;
  answer: AnswerRecord;
}) {
  const project = useProject();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const isRight = answer.scores.correct === 1;
  const save = useMutation({
    mutationFn: (correct: boolean | null) =>
      post(ofProject(project, "results/override"), {
        question,
        arm,
        answer: answer.text,
        correct,
        reason: correct === null ? "taken back" : reason,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, "results"] }),
  });
  return (
    <details className="small">
      <summary>{answer.overridden ? "This grade was set by hand" : "This grade is wrong"}</summary>
      {answer.overridden ? (
        <>
          <p>{answer.overridden.reason}</p>
          <button type="button" onClick={() => save.mutate(null)} disabled={save.isPending}>
            Take it back
          </button>
        </>
      ) : (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(!isRight);
          }}
        >
          <label className="grow">
            Why it is {isRight ? "wrong" : "right"}
            <input
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              required
              maxLength={2000}
            />
          </label>
          <button type="submit" disabled={save.isPending}>
            Count it as {isRight ? "wrong" : "right"}
          </button>
        </form>
      )}
      {save.isSuccess ? <p role="status">Kept. The verdict counts it once it is computed again.</p> : null}
      {save.error ? <ProblemNote error={save.error} /> : null}
    </details>
  );
}
