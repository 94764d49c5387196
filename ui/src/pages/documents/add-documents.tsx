import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type DragEvent } from "react";
import type { ListedDocument } from "../../../../src/contracts/index.ts";
import { ofProject, send } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { bytes, counted, whole } from "../../parts/numbers.ts";
import { listDropped, type DroppedFile } from "./list-dropped.ts";

interface Adding {
  total: number;
  done: number;
  failures: { name: string; why: string }[];
  isOver: boolean;
}

/** So many files are on their way at once: the server has other work. */
const atOnce = 4;
/** A folder with more files may have been dropped by mistake. */
const many = 500;

/** One file that fails stops no other, and what was sent before a stop stays. */
export function AddDocuments({ existing, mostBytes }: { existing: ListedDocument[]; mostBytes: number }) {
  const project = useProject();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  const [isOver, setOver] = useState(false);
  const [adding, setAdding] = useState<Adding>();
  const isBusy = adding !== undefined && !adding.isOver;

  const add = async (files: DroppedFile[]): Promise<void> => {
    if (files.length === 0 || !confirmAll(files, existing)) return;
    const tooLarge = files.filter(({ file }) => file.size > mostBytes);
    const failures = tooLarge.map(({ name, file }) => ({
      name,
      why: `It has ${bytes(file.size)}, and a document may have ${bytes(mostBytes)} at most; split it into parts.`,
    }));
    let done = tooLarge.length;
    const tell = (isLast = false): void =>
      setAdding({ total: files.length, done, failures: [...failures], isOver: isLast });
    const { signal } = (stop.current = new AbortController());
    const left = files.filter(({ file }) => file.size <= mostBytes).values();
    tell();
    const sendSome = async (): Promise<void> => {
      for (const { name, file } of left) {
        if (signal.aborted) return;
        const why = await sendFile(ofProject(project, "documents/file", { name }), file, signal);
        if (signal.aborted) return;
        if (why !== undefined) failures.push({ name, why });
        done++;
        tell();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sendSome));
    tell(true);
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
      {isBusy ? (
        <button type="button" onClick={() => stop.current?.abort()}>
          Stop adding
        </button>
      ) : null}
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

/** Asks before documents are replaced, and before very many are added. */
function confirmAll(files: DroppedFile[], existing: ListedDocument[]): boolean {
  const there = new Set(existing.map(({ name }) => name));
  const replaced = files.filter(({ name }) => there.has(name)).map(({ name }) => name);
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const questions = [
    ...(files.length > many ? [`Add ${counted(files.length, "file")}, ${bytes(size)}?`] : []),
    ...(replaced.length > 0
      ? [
          `${counted(replaced.length, "document")} of that name will be replaced: ${replaced.slice(0, 5).join(", ")}`,
        ]
      : []),
  ];
  return questions.length === 0 || window.confirm(questions.join("\n"));
}

/** Why it was not added; undefined where it was. */
async function sendFile(path: string, body: File, signal: AbortSignal): Promise<string | undefined> {
  try {
    await send(path, {
      method: "PUT",
      body,
      signal,
      headers: { "content-type": "application/octet-stream" },
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
