import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import type { DocumentView } from "../../../../src/contracts/index.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { counted, whole } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { VirtualRows } from "../../parts/virtual-rows.tsx";
import { Waiting } from "../../parts/waiting.tsx";

/** One document: its passages as the model sees them; with an offset in the address, the passage that it lies in. */
export function DocumentPage() {
  const project = useProject();
  const { name = "", at } = useSearch({ strict: false });
  const { data, error } = useOfProject<DocumentView>("documents/view", { name }, { staleTime: 60_000 });
  const cited =
    at === undefined ? undefined : data?.passages.findIndex(({ start, end }) => start <= at && at < end);
  useEffect(() => {
    if (cited !== undefined && cited >= 0)
      document.getElementById("cited")?.scrollIntoView({ block: "center" });
  }, [cited]);
  return (
    <>
      <p className="meta">
        <Link to="/p/$project/documents" params={{ project }}>
          Documents
        </Link>
      </p>
      <h1 className="lines">{data?.title ?? name}</h1>
      {error ? <ProblemNote error={error} /> : null}
      {data ? (
        <p className="lead">
          {name} · {counted(data.text.length, "character")}, {counted(data.passages.length, "passage")}
        </p>
      ) : error ? null : (
        <Waiting what="Reading the document" />
      )}
      {data && data.warnings.length > 0 ? (
        <ul className="notes">
          {data.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
      {data && cited !== undefined && cited >= 0 ? (
        <div id="cited">
          <h2>The passage that was cited</h2>
          <Passage number={cited + 1} passage={data.passages[cited]!} isCited />
        </div>
      ) : null}
      {data ? (
        <section aria-labelledby="passages">
          <h2 id="passages">Passages</h2>
          <p className="lead">
            Each with the line of title and headings that stands above it, as it is embedded and shown.
          </p>
          <VirtualRows
            label="Passages"
            rows={data.passages}
            keyOf={({ start, end }) => `${start}-${end}`}
            height={180}
            render={(passage, index) => <Passage number={index + 1} passage={passage} />}
          />
        </section>
      ) : null}
    </>
  );
}

function Passage({
  number,
  passage,
  isCited = false,
}: {
  number: number;
  passage: DocumentView["passages"][number];
  isCited?: boolean;
}) {
  const { header, text, start, end, page } = passage;
  return (
    <article className={isCited ? "passage cited" : "passage"}>
      <p className="meta">
        [{number}] {header} · {page === null ? "" : `page ${page} · `}characters {whole(start)} to{" "}
        {whole(end)}
      </p>
      <p className="lines">{text}</p>
    </article>
  );
}
