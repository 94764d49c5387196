import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { GlossaryView } from "../../../../src/contracts/index.ts";
import { ofProject, send } from "../../api/request.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { VirtualRows } from "../../parts/virtual-rows.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { SearchField } from "../../parts/search-field.tsx";

/** The project's terms, how they are to be said, and where the documents hold them. */
export function GlossaryPage() {
  const project = useProject();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState("");
  const { data, error } = useOfProject<GlossaryView>("glossary");
  const bring = useMutation({
    mutationFn: (file: File) =>
      send(ofProject(project, "glossary", { name: file.name }), { method: "PUT", body: file }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, "glossary"] }),
  });
  const wanted = search.trim().toLowerCase();
  const terms =
    data?.terms.filter(({ source, targets, definition }) =>
      `${source} ${targets.join(" ")} ${definition}`.toLowerCase().includes(wanted),
    ) ?? [];
  return (
    <>
      <h1>Glossary</h1>
      {error ? <ProblemNote error={error} /> : null}
      {data || error ? null : <Waiting what="Looking for the terms in the documents" />}
      {data ? (
        <p className="lead">
          {data.file === undefined
            ? "The project has no glossary yet."
            : `${counted(data.terms.length, "term")} of ${data.file}.`}
        </p>
      ) : null}
      <div className="row">
        <button type="button" onClick={() => input.current?.click()} disabled={bring.isPending}>
          {data?.file === undefined ? "Bring one in" : "Replace it"}
        </button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Glossary file"
          accept=".csv,.tsv,.xlsx,.tbx,.tmx,.tei,.xml"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            if (file) bring.mutate(file);
          }}
        />
        {data && data.terms.length > 0 ? (
          <button type="button" onClick={() => saveAs("glossary.csv", asCsv(data))}>
            Save as CSV
          </button>
        ) : null}
        <span className="meta">CSV, TSV, XLSX, TBX, TMX or TEI</span>
      </div>
      {bring.error ? <ProblemNote error={bring.error} /> : null}
      {data && data.findings.length > 0 ? (
        <ul className="failure" aria-label="Findings">
          {data.findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      ) : null}
      {data && data.terms.length > 0 ? (
        <>
          <div className="row filters">
            <SearchField value={search} onChange={setSearch} />
          </div>
          <VirtualRows
            label="Terms"
            rows={terms}
            keyOf={({ source, targets }) => `${source}\n${targets.join("\n")}`}
            height={76}
            render={({ source, targets, forbidden, definition, hits }) => (
              <div className="term">
                <p>
                  <strong>{source}</strong> {targets.length > 0 ? `→ ${targets.join(", ")}` : null}{" "}
                  {forbidden.length > 0 ? <span className="failed">not {forbidden.join(", ")}</span> : null}
                </p>
                {definition === "" ? null : <p className="meta">{definition}</p>}
                <p className="meta">
                  {hits.length === 0 ? "in no document" : null}
                  {hits.slice(0, 8).map(({ document, count }) => (
                    <span key={document}>
                      <Link to="/p/$project/document" params={{ project }} search={{ name: document }}>
                        {document}
                      </Link>{" "}
                      {count}×{" "}
                    </span>
                  ))}
                  {hits.length > 8 ? `and ${counted(hits.length - 8, "more document")}` : null}
                </p>
              </div>
            )}
          />
        </>
      ) : null}
    </>
  );
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const asCsv = ({ terms }: GlossaryView): string =>
  [
    ["source", "target", "forbidden", "definition"],
    ...terms.map(({ source, targets, forbidden, definition }) => [
      source,
      targets.join("|"),
      forbidden.join("|"),
      definition,
    ]),
  ]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");

function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
