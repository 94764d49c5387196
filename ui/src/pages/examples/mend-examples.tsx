import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { CleanedData } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";

const checks = [
  ["copies", "copies"],
  ["near-copies", "near copies"],
  ["conflicts", "one question answered in two ways"],
  ["label-errors", "labels that look wrong"],
  ["too-long", "longer than the model is trained on"],
] as const;

/** A new file of examples, mended, with the list of changes; never in place. */
export function MendExamples() {
  const project = useProject();
  const [drop, setDrop] = useState<string[]>(["copies", "near-copies"]);
  const [mask, setMask] = useState(false);
  const mend = useMutation({
    mutationFn: () => post<CleanedData>(ofProject(project, "examples/mend"), { drop, mask, html: true }),
  });
  return (
    <section aria-labelledby="mend">
      <h2 id="mend">Mend them into a new file</h2>
      <p className="lead">
        The files that there are stay as they are. The new one is used once the config names it.
      </p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          mend.mutate();
        }}
      >
        <fieldset>
          <legend>Leave out</legend>
          {checks.map(([check, words]) => (
            <label key={check} className="check">
              <input
                type="checkbox"
                checked={drop.includes(check)}
                onChange={(event) =>
                  setDrop(event.target.checked ? [...drop, check] : drop.filter((one) => one !== check))
                }
              />
              {words}
            </label>
          ))}
        </fieldset>
        <label className="check">
          <input type="checkbox" checked={mask} onChange={(event) => setMask(event.target.checked)} />
          mask personal data
        </label>
        <div>
          <button type="submit" disabled={mend.isPending}>
            {mend.isPending ? "Mending…" : "Write the new file"}
          </button>
        </div>
      </form>
      {mend.error ? <ProblemNote error={mend.error} /> : null}
      {mend.data ? (
        <p role="status">
          {mend.data.file}: {mend.data.kept} kept, {mend.data.dropped} left out, {mend.data.changed} changed,{" "}
          {mend.data.refused} refused. Every change is in {mend.data.log}.
        </p>
      ) : null}
    </section>
  );
}
