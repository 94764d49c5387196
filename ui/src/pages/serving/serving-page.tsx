import type { ServingView } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { bytes } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { Adapters } from "./adapters.tsx";
import { ModelTable } from "./model-table.tsx";
import { UseElsewhere } from "./use-elsewhere.tsx";

/** What can be asked, which versions of it are given out, and how other programs ask it. */
export function ServingPage() {
  const { data, error } = useOfProject<ServingView>("serving", {}, { refetchInterval: 10_000 });
  return (
    <>
      <h1>Serving</h1>
      <p className="lead">
        {data
          ? `This page’s server takes ${bytes(data.memory)}; models are opened in processes of their own when they are first asked.`
          : null}
      </p>
      {error ? <ProblemNote error={error} /> : null}
      {data || error ? null : <Waiting what="Looking at what is ready" />}
      {data ? (
        <>
          <ModelTable models={data.models} />
          <Adapters serving={data} />
          <UseElsewhere models={askable(data)} />
        </>
      ) : null}
    </>
  );
}

/** The ids that answer, the choice of the last comparison first. */
function askable({ models, adapters }: ServingView): string[] {
  const ids = [
    ...models.filter(({ kind }) => kind !== "embedder").map(({ id }) => id),
    ...adapters.flatMap(({ name, versions, latest }) => [
      ...versions.map(({ id }) => id),
      ...(latest === undefined ? [] : [`${name}:latest`]),
    ]),
  ];
  return ids.toSorted((a, b) => Number(b.endsWith(":auto")) - Number(a.endsWith(":auto")));
}
