import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ResultsSummary } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";

/** Grades that were set by hand are said above the verdict that they change. */
export function OverridesNote({
  overrides: { used, pending },
  isLast,
}: {
  overrides: ResultsSummary["overrides"];
  isLast: boolean;
}) {
  const project = useProject();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const recompute = useMutation({
    mutationFn: () => post(ofProject(project, "results/recompute")),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [project] });
      await navigate({ to: "/p/$project/run", params: { project } });
    },
  });
  if (used === 0 && pending === 0) return null;
  return (
    <div className="note-box" role="note">
      <p>
        {used > 0
          ? `${counted(used, "grade")} of this verdict ${used === 1 ? "was" : "were"} set by hand, each with its reason. `
          : null}
        {pending > 0
          ? `${counted(pending, "grade")} set by hand ${pending === 1 ? "is" : "are"} not in this verdict yet.`
          : null}
      </p>
      {pending > 0 && isLast ? (
        <button type="button" disabled={recompute.isPending} onClick={() => recompute.mutate()}>
          Compute the verdict again
        </button>
      ) : null}
      {recompute.error ? <ProblemNote error={recompute.error} /> : null}
    </div>
  );
}
