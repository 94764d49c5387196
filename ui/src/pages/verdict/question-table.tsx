import {
  createColumnHelper,
  getCoreRowModel,
  getFilteredRowModel,
  getSortedRowModel,
  useReactTable,
} from "@tanstack/react-table";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ResultsSummary } from "../../../../src/contracts/index.ts";
import type { Search } from "../../search.ts";
import { useProject } from "../../api/use-project.ts";
import { whole } from "../../parts/numbers.ts";
import { VirtualRows } from "../../parts/virtual-rows.tsx";
import { passesOutcome } from "./passes-outcome.ts";

type Question = ResultsSummary["questions"][number];
const column = createColumnHelper<Question>();
const columns = [
  column.accessor((question) => `${question.asked} ${question.gold} ${question.id}`, {
    id: "text",
    filterFn: "includesString",
  }),
  column.accessor("type", { filterFn: "equalsString" }),
  column.accessor("right", {
    id: "outcome",
    filterFn: (row, _, outcome: string) => passesOutcome(row.original.right, outcome),
  }),
];

/** Every question with a mark for each arm; the filters are part of the address. */
export function QuestionTable({ results }: { results: ResultsSummary }) {
  const project = useProject();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const { type = "", outcome = "", text = "", run } = search;
  const arms = useMemo(() => results.arms.filter(({ isFailed }) => !isFailed), [results.arms]);
  const columnFilters = useMemo(
    () =>
      Object.entries({ type, outcome, text }).flatMap(([id, value]) => (value === "" ? [] : [{ id, value }])),
    [type, outcome, text],
  );
  const table = useReactTable({
    data: results.questions,
    columns,
    state: { columnFilters },
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const { rows } = table.getRowModel();
  const types = [...new Set(results.questions.flatMap((question) => question.type ?? []))].sort();
  const set = (change: Record<string, string>): void => {
    void navigate({
      to: ".",
      search: (before: Search): Search => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <section aria-labelledby="questions">
      <h2 id="questions">Question by question</h2>
      <div className="filters no-print">
        <label>
          Type
          <select value={type} onChange={(event) => set({ type: event.target.value })}>
            <option value="">all</option>
            {types.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Answers
          <select value={outcome} onChange={(event) => set({ outcome: event.target.value })}>
            <option value="">all</option>
            <option value="split">arms disagree</option>
            <option value="none">all arms wrong</option>
            <option value="every">all arms right</option>
            {arms.flatMap(({ name }) => [
              <option key={`right:${name}`} value={`right:${name}`}>{`${name} right`}</option>,
              <option key={`wrong:${name}`} value={`wrong:${name}`}>{`${name} wrong`}</option>,
            ])}
          </select>
        </label>
        <label className="grow">
          Search
          <input
            type="search"
            defaultValue={text}
            placeholder="words of question or gold"
            onChange={(event) => set({ text: event.target.value })}
          />
        </label>
        <output aria-live="polite">
          {whole(rows.length)} of {whole(results.questions.length)}
        </output>
      </div>
      <VirtualRows
        label="Questions"
        rows={rows}
        keyOf={({ original }) => original.id}
        height={46}
        render={({ original: question }) => (
          <Link
            className="question-row"
            to="/p/$project/question"
            params={{ project }}
            search={{ id: question.id, ...(run !== undefined && { run }) }}
            preload={false}
          >
            <span className="asked cut2">{question.asked}</span>
            <span className="marks">
              {arms.map(({ name, hue }) => (
                <Mark key={name} name={name} hue={hue} isRight={question.right[name]} />
              ))}
            </span>
          </Link>
        )}
      />
    </section>
  );
}

function Mark({ name, hue, isRight }: { name: string; hue: number; isRight: boolean | undefined }) {
  const words = `${name}: ${isRight ? "right" : "wrong"}`;
  return (
    <span className={`mark arm-${hue} ${isRight ? "right" : "wrong"}`} title={words}>
      <span aria-hidden="true">{isRight ? "✓" : "✗"}</span>
      <span className="hidden">{words}</span>
    </span>
  );
}
