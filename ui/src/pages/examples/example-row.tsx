import { useState } from "react";
import type { ExampleView, ListedExample } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";

export function ExampleRow({ example, findings }: { example: ListedExample; findings: string[] }) {
  const [isOpen, setOpen] = useState(false);
  const { id, question, gold, part, type, documents, grading } = example;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="example">
      <summary>
        <span className="asked cut2">{question}</span>
        <span className="badges">
          {findings.length > 0 ? <span className="badge bad">{findings.length} found</span> : null}
          <span className="badge plain cut" title={part}>
            {part.split(":")[0]}
          </span>
        </span>
      </summary>
      <div className="gold">
        <h3>Gold</h3>
        <p>{gold}</p>
        <p className="meta">
          {id}
          {type === null ? "" : ` · ${type}`} · graded as {grading} ·{" "}
          {documents === null
            ? "documents unknown"
            : documents.length === 0
              ? "no document answers it"
              : documents.join(", ")}
        </p>
        {part.includes(":") ? <p className="meta">{part}</p> : null}
      </div>
      {findings.map((finding) => (
        <p key={finding} className="failure">
          {finding}
        </p>
      ))}
      {isOpen ? <AsTrained id={id} /> : null}
    </details>
  );
}

/** The prompt and the tokens that are trained, as the model's chat template writes them. */
function AsTrained({ id }: { id: string }) {
  const { data, error } = useOfProject<ExampleView>("examples/view", { id }, { staleTime: 60_000 });
  if (error) return <ProblemNote error={error} />;
  if (!data) return <Waiting what="Rendering it as the model sees it" />;
  return (
    <>
      <h3>Prompt, {data.promptTokens} tokens, not trained</h3>
      <pre className="shown">{data.prompt}</pre>
      <h3>Trained, {data.trained.length} tokens</h3>
      <pre className="shown">
        {data.trained.map((token, index) => (
          <span key={index} className="token">
            {token}
          </span>
        ))}
      </pre>
    </>
  );
}
