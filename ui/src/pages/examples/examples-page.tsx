import { useMemo, useState } from "react";
import type { DataReport, ExampleList } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { VirtualRows } from "../../parts/virtual-rows.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { ExampleRow } from "./example-row.tsx";
import { MendExamples } from "./mend-examples.tsx";
import { SearchField } from "../../parts/search-field.tsx";

/** The questions with their golds: where each is used, how it is graded, and what the data check finds. */
export function ExamplesPage() {
  const [part, setPart] = useState("");
  const [search, setSearch] = useState("");
  const list = useOfProject<ExampleList>("examples");
  const findings = useOfProject<DataReport>(
    "examples/findings",
    {},
    { staleTime: 60_000, enabled: (list.data?.examples.length ?? 0) > 0 },
  );
  const byId = useMemo(() => {
    const found = new Map<string, string[]>();
    for (const [check, all] of Object.entries(findings.data?.findings ?? {})) {
      for (const { ids, detail } of all)
        for (const id of ids) found.set(id, [...(found.get(id) ?? []), `${check}: ${detail}`]);
    }
    return found;
  }, [findings.data]);
  const examples = list.data?.examples ?? [];
  const parts = [...new Set(examples.map((example) => example.part.split(":")[0]!))];
  const wanted = search.trim().toLowerCase();
  const rows = examples.filter(
    (example) =>
      (part === "" || (part === "found" ? byId.has(example.id) : example.part.startsWith(part))) &&
      `${example.id} ${example.question} ${example.gold}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <h1>Examples</h1>
      <p className="lead">
        {parts
          .map(
            (name) =>
              `${counted(examples.filter((example) => example.part.startsWith(name)).length, name, name)}`,
          )
          .join(", ")}
        {findings.data
          ? `. The data check found ${byId.size === 0 ? "nothing" : `something in ${counted(byId.size, "example")}`}.`
          : null}
      </p>
      {list.error ? <ProblemNote error={list.error} /> : null}
      {list.isPending ? <Waiting what="Reading the examples" /> : null}
      {findings.error ? <ProblemNote error={findings.error} /> : null}
      {list.data && list.data.refused.length > 0 ? (
        <div className="failure">
          <p>
            <strong>
              {counted(list.data.refused.length, "row")} cannot be read, so that nothing is used:
            </strong>
          </p>
          <ul>
            {list.data.refused.slice(0, 100).map(({ place, problem }) => (
              <li key={place}>
                {place}: {problem}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {list.data && examples.length === 0 && list.data.refused.length === 0 ? (
        <p className="empty">
          There are no examples yet: the config’s <code>datasets</code> names the file, a question with its
          answer on each line.
        </p>
      ) : null}
      {examples.length > 0 ? (
        <>
          <div className="row filters">
            <label>
              Part
              <select value={part} onChange={(event) => setPart(event.target.value)}>
                <option value="">all</option>
                {parts.map((name) => (
                  <option key={name}>{name}</option>
                ))}
                <option value="found">with findings</option>
              </select>
            </label>
            <SearchField value={search} onChange={setSearch} />
          </div>
          <VirtualRows
            label="Examples"
            rows={rows}
            keyOf={({ id }) => id}
            height={64}
            render={(example) => <ExampleRow example={example} findings={byId.get(example.id) ?? []} />}
          />
          <MendExamples />
        </>
      ) : null}
    </>
  );
}
