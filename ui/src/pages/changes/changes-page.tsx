import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { RunComparison, RunView } from "../../../../src/contracts/index.ts";
import type { Search } from "../../search.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { counted, whole } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";

/** Two runs: what changed, and whether it is more than chance. */
export function ChangesPage() {
  const project = useProject();
  const navigate = useNavigate();
  const { run, before = "" } = useSearch({ strict: false });
  const runs = useOfProject<RunView[]>("runs");
  const { data, error } = useOfProject<RunComparison>(
    "results/changes",
    { before, ...(run !== undefined && { run }) },
    { enabled: before !== "" },
  );
  const choices = runs.data?.filter(({ hasResults }) => hasResults) ?? [];
  const choice = (label: string, value: string, key: "run" | "before") => (
    <label className="grow">
      {label}
      <select
        value={value}
        onChange={(event) =>
          void navigate({
            to: ".",
            search: ({ [key]: _gone, ...others }: Search): Search =>
              event.target.value === "" ? others : { ...others, [key]: event.target.value },
          })
        }
      >
        <option value="">{key === "run" ? "the last comparison" : "choose a run"}</option>
        {choices.map(({ id, began, arms }) => (
          <option key={id} value={id}>
            {new Date(began).toLocaleString()} · {arms.join(", ")}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <h1>What changed</h1>
      <div className="row filters">
        {choice("From", before, "before")} {choice("To", run ?? "", "run")}
      </div>
      {error ? <ProblemNote error={error} /> : null}
      {before === "" && runs.data ? (
        <p className="empty">
          {choices.length === 0
            ? "No run that was started here has results yet: once there are two, what changed between them is shown here."
            : "Choose the earlier run, which the later one is compared with."}
        </p>
      ) : null}
      {before !== "" && !data && !error ? <Waiting what="Comparing" /> : null}
      {data ? (
        <>
          <p className="lead">
            {counted(data.shared, "question")} {data.shared === 1 ? "is" : "are"} in both
            {data.onlyBefore + data.onlyAfter > 0
              ? `; ${whole(data.onlyBefore)} only in the earlier, ${whole(data.onlyAfter)} only in the later`
              : ""}
            . McNemar’s exact test on right and wrong.
          </p>
          <div className="scroll" tabIndex={0} role="region" aria-label="Arms">
            <table className="tests">
              <thead>
                <tr>
                  <th scope="col">Arm</th>
                  <th scope="col">Right before</th>
                  <th scope="col">Right after</th>
                  <th scope="col">Gained / lost</th>
                  <th scope="col">p</th>
                  <th scope="col">Chance?</th>
                </tr>
              </thead>
              <tbody>
                {data.arms.map(({ name, n, before: was, after: is, gained, lost, p, isChance }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>
                      {was} of {n}
                    </td>
                    <td>
                      {is} of {n}
                    </td>
                    <td>
                      {gained} / {lost}
                    </td>
                    <td>{p < 0.001 ? "< 0.001" : p.toFixed(3)}</td>
                    <td>
                      {gained + lost === 0 ? "no change" : isChance ? "can be chance" : "more than chance"}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <ul className="virtual-like">
            {data.changes.slice(0, 200).map(({ id, arm, before: was, after: is, isRight }) => (
              <li key={`${id} ${arm}`} className="change">
                <p>
                  <span className={`badge ${isRight ? "good" : "bad"}`}>
                    {isRight ? "now right" : "now wrong"}
                  </span>{" "}
                  <strong>{arm}</strong>{" "}
                  <Link
                    to="/p/$project/question"
                    params={{ project }}
                    search={{ id, ...(run !== undefined && { run }) }}
                  >
                    {id}
                  </Link>
                </p>
                <p className="lines cut2">
                  <del>{was}</del>
                </p>
                <p className="lines cut2">{is}</p>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
