import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type DragEvent } from "react";
import type { ListedDocument } from "../../../../src/contracts/index.ts";
import { ofProject, send } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { counted, whole } from "../../parts/numbers.ts";
import { listDropped, type DroppedFile } from "./list-dropped.ts";

interface Adding {
  total: number;
  done: number;
  failures: { name: string; why: string }[];
}

/** Files are sent one after another: the server has other work, and one that fails stops no other. */
export function AddDocuments({ existing }: { existing: ListedDocument[] }) {
  const project = useProject();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [adding, setAdding] = useState<Adding>();
  const isBusy = adding !== undefined && adding.done < adding.total;

  const add = async (files: DroppedFile[]): Promise<void> => {
    const there = new Set(existing.map(({ name }) => name));
    const replaced = files.filter(({ name }) => there.has(name));
    if (
      replaced.length > 0 &&
      !window.confirm(
        `${counted(replaced.length, "document")} of that name will be replaced: ${replaced
          .slice(0, 5)
          .map(({ name }) => name)
          .join(", ")}`,
      )
    )
      return;
    const failures: Adding["failures"] = [];
    setAdding({ total: files.length, done: 0, failures });
    for (const [index, { name, file }] of files.entries()) {
      try {
        await send(ofProject(project, "documents/file", { name }), {
          method: "PUT",
          body: file,
          headers: { "content-type": "application/octet-stream" },
        });
      } catch (error) {
        failures.push({ name, why: error instanceof Error ? error.message : String(error) });
      }
      setAdding({ total: files.length, done: index + 1, failures });
    }
    await queries.invalidateQueries({ queryKey: [project, "documents"] });
  };
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    await add(await listDropped(event.dataTransfer));
  };
  return (
    <div
      className={isOver ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <p>Drop files or a folder here: PDF, Office, HTML, Markdown, text, mail, tables.</p>
      <button type="button" onClick={() => input.current?.click()} disabled={isBusy}>
        Choose files
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])].map((file) => ({ name: file.name, file }));
          event.target.value = "";
          void add(files);
        }}
      />
      {adding ? (
        <p role="status" className="meta">
          {whole(adding.done)} of {counted(adding.total, "file")} {isBusy ? "sent" : "done"}
          {adding.failures.length > 0 ? `, ${whole(adding.failures.length)} not added` : ""}.
        </p>
      ) : null}
      {adding && adding.failures.length > 0 ? (
        <ul className="failed">
          {adding.failures.slice(0, 20).map(({ name, why }) => (
            <li key={name}>
              {name}: {why}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
