import { useMemo, useState } from "react";
import type {
  DocumentList,
  DocumentOutcome,
  IndexState,
  ListedDocument,
} from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { AddDocuments } from "./add-documents.tsx";
import { DocumentTable } from "./document-table.tsx";
import { SearchField } from "../../parts/search-field.tsx";

export interface DocumentRow extends ListedDocument {
  outcome: DocumentOutcome | undefined;
}

const indexWords: Record<IndexState["state"], string> = {
  none: "Not indexed yet: the first run does that.",
  current: "The index is up to date.",
  behind: "The index is behind: the next run brings it up to date.",
  indexing: "The index is being brought up to date.",
  failed: "The index could not be brought up to date.",
};

/** What lies in the documents folder, and what became of each file. */
export function DocumentsPage() {
  const [search, setSearch] = useState("");
  const list = useOfProject<DocumentList>("documents", {}, { refetchInterval: 4000 });
  const look = list.data?.files.map(({ name, modified }) => `${name} ${modified}`).join("\n");
  const outcomes = useOfProject<DocumentOutcome[]>(
    "documents/outcomes",
    { look: look === undefined ? "" : String(hash(look)) },
    { enabled: look !== undefined, staleTime: Infinity },
  );
  const rows = useMemo(() => {
    const byName = new Map(outcomes.data?.map((outcome) => [outcome.name, outcome]));
    const wanted = search.trim().toLowerCase();
    return (list.data?.files ?? [])
      .map((file): DocumentRow => ({ ...file, outcome: byName.get(file.name) }))
      .filter(({ name, outcome }) => `${name} ${outcome?.title ?? ""}`.toLowerCase().includes(wanted));
  }, [list.data, outcomes.data, search]);
  const skipped = outcomes.data?.filter((outcome) => outcome.skipped !== undefined).length ?? 0;
  return (
    <>
      <h1>Documents</h1>
      <p className="lead">
        {list.data
          ? `${counted(list.data.files.length, "document")}. ${indexWords[list.data.index.state]}`
          : null}
        {skipped > 0
          ? ` ${counted(skipped, "document is", "documents are")} left out; the list says why.`
          : null}
      </p>
      {list.data?.index.message ? <p className="failure lines">{list.data.index.message}</p> : null}
      {list.error ? <ProblemNote error={list.error} /> : null}
      {outcomes.error ? <ProblemNote error={outcomes.error} /> : null}
      <AddDocuments existing={list.data?.files ?? []} mostBytes={list.data?.mostBytes ?? Infinity} />
      {list.data?.files.length === 0 ? (
        <p className="empty">There are no documents yet. Drop some files or a folder above.</p>
      ) : (
        <>
          <div className="row filters">
            <SearchField value={search} onChange={setSearch} placeholder="words in name or title" />
          </div>
          {outcomes.isPending && list.data ? <Waiting what="Reading the documents" /> : null}
          <DocumentTable rows={rows} />
        </>
      )}
    </>
  );
}

/** Tells one state of the folder from another. */
const hash = (text: string): number => {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (value * 31 + text.charCodeAt(index)) | 0;
  return value;
};
