import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ofProject, remove } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { bytes, counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { VirtualRows } from "../../parts/virtual-rows.tsx";
import type { DocumentRow } from "./documents-page.tsx";

export function DocumentTable({ rows }: { rows: DocumentRow[] }) {
  const project = useProject();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: (name: string) => remove(ofProject(project, "documents/file", { name })),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, "documents"] }),
  });
  return (
    <>
      {removal.error ? <ProblemNote error={removal.error} /> : null}
      <VirtualRows
        label="Documents"
        rows={rows}
        keyOf={({ name }) => name}
        height={58}
        render={({ name, bytes: size, outcome }) => (
          <div className="list-row">
            <div className="list-main">
              <Link to="/p/$project/document" params={{ project }} search={{ name }} className="cut">
                {outcome && outcome.title !== name ? outcome.title : name}
              </Link>
              <span className="meta cut">
                {name} · {bytes(size)}
                {outcome && outcome.skipped === undefined
                  ? ` · ${counted(outcome.passages, "passage")}`
                  : null}
              </span>
            </div>
            <Outcome outcome={outcome} />
            <button
              type="button"
              className="quiet danger"
              aria-label={`Remove ${name}`}
              disabled={removal.isPending}
              onClick={() => {
                if (window.confirm(`Remove ${name} from the project’s folder?`)) removal.mutate(name);
              }}
            >
              Remove
            </button>
          </div>
        )}
      />
    </>
  );
}

function Outcome({ outcome }: { outcome: DocumentRow["outcome"] }) {
  if (!outcome) return <span className="badge plain">…</span>;
  if (outcome.skipped !== undefined) {
    return (
      <span className="badge bad" title={outcome.skipped}>
        left out
      </span>
    );
  }
  const { length } = outcome.warnings;
  if (length === 0) return <span className="badge good">read</span>;
  return (
    <span className="badge plain" title={outcome.warnings.join("\n")}>
      read, {length} {length === 1 ? "note" : "notes"}
    </span>
  );
}
