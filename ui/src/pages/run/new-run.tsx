import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Contender, RunEstimate } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { Coded } from "../../parts/coded.tsx";
import { counted, duration, money } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";

export function NewRun() {
  const project = useProject();
  const queries = useQueryClient();
  const contenders = useOfProject<Contender[]>("contenders");
  const [chosen, setChosen] = useState<string[]>();
  const [curve, setCurve] = useState(false);
  const arms = chosen ?? contenders.data?.filter(({ isListed }) => isListed).map(({ name }) => name) ?? [];
  const request = { arms, curve };
  const estimate = useQuery({
    queryKey: [project, "estimate", request],
    queryFn: () => post<RunEstimate>(ofProject(project, "runs/estimate"), request),
    enabled: arms.length > 0,
    retry: false,
    placeholderData: (before) => before,
  });
  const start = useMutation({
    mutationFn: () => post(ofProject(project, "runs"), request),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, "runs"] }),
  });
  return (
    <section aria-labelledby="new-run">
      <h2 id="new-run">Who competes</h2>
      {contenders.error ? <ProblemNote error={contenders.error} /> : null}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <fieldset className="choices">
          <legend>
            Arms of lorag.yaml, and presets that it does not list. Arms with other models are added in the
            config.
          </legend>
          {contenders.data?.map((contender) => (
            <label key={contender.name} className="check choice">
              <input
                type="checkbox"
                checked={arms.includes(contender.name)}
                onChange={(event) =>
                  setChosen(
                    event.target.checked
                      ? [...arms, contender.name]
                      : arms.filter((name) => name !== contender.name),
                  )
                }
              />
              <span>
                <strong>{contender.name}</strong>
                <span className="meta">{describe(contender)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label className="check choice">
          <input type="checkbox" checked={curve} onChange={(event) => setCurve(event.target.checked)} />
          also train on an eighth, a quarter and half of the examples: how many does it take?
        </label>
        {estimate.error ? <ProblemNote error={estimate.error} /> : null}
        {estimate.isFetching && !estimate.data ? <Waiting what="Estimating" /> : null}
        {estimate.data && !estimate.error ? <Estimate estimate={estimate.data} /> : null}
        {start.error ? <ProblemNote error={start.error} /> : null}
        <div>
          <button
            type="submit"
            className="primary"
            disabled={arms.length === 0 || start.isPending || estimate.error !== null}
          >
            {start.isPending ? "Starting…" : "Start the run"}
          </button>
        </div>
      </form>
    </section>
  );
}

function describe({ model, context, isTuned, isListed }: Contender): string {
  const how = [
    model ?? "no language model",
    context === "none" ? "no documents" : context === "graph" ? "passages by the graph" : "passages",
    ...(isTuned ? ["tuned"] : []),
    ...(isListed ? [] : ["not in the config"]),
  ];
  return how.join(" · ");
}

function Estimate({ estimate }: { estimate: RunEstimate }) {
  const { seconds, cost, currency, questions, stages, warnings } = estimate;
  const done = stages.filter(({ isDone }) => isDone).length;
  return (
    <div>
      <p className="figures-line">
        <span>
          <strong>{seconds === 0 ? "seconds" : `about ${duration(seconds)}`}</strong> on a usual machine of
          two cores
        </span>
        <span>
          <strong>{money(cost, currency)}</strong> of machine time
        </span>
        <span>
          <strong>{counted(questions, "question")}</strong> held out
        </span>
        <span>
          <strong>
            {done} of {stages.length}
          </strong>{" "}
          stages done already
        </span>
      </p>
      {warnings.length > 0 ? (
        <ul className="notes">
          {warnings.map((warning) => (
            <li key={warning}>
              <Coded text={warning} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
