import { Hono } from "hono";
import type { DocumentList, DocumentOutcome, ListedDocument } from "../../contracts/index.ts";
import {
  addDocument,
  examineDocuments,
  listDocuments,
  removeDocument,
  showDocument,
} from "../../pipeline/index.ts";
import { ApiError } from "../api-error.ts";
import type { IndexKeeper } from "./index-keeper.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";

/** Larger files are no documents: the parsers would refuse them. */
const mostBytes = 100 * 2 ** 20;

/** `/documents` of a project: the list, what became of each, one with its passages; put, and remove. */
export function documentRoutes(place: ProjectPlace, indexes: IndexKeeper): Hono {
  const app = new Hono();
  const outcomes = rememberOutcomes();
  app.get("/:project/documents", async (context) => {
    const { project } = await contextOf(place, context.req.param("project"));
    return context.json({
      files: await listDocuments(project),
      index: await indexes.state(project),
      mostBytes,
    } satisfies DocumentList);
  });
  app.get("/:project/documents/outcomes", async (context) => {
    const opened = await contextOf(place, context.req.param("project"));
    const key = JSON.stringify([
      opened.project.folder,
      opened.project.config.parsing,
      opened.project.config.retrieval,
    ]);
    const files = await listDocuments(opened.project);
    return context.json(await outcomes(key, files, () => examineDocuments(opened)));
  });
  app.get("/:project/documents/view", async (context) => {
    const opened = await contextOf(place, context.req.param("project"), context.req.raw.signal);
    return context.json(await showDocument(opened, nameIn(context.req.query("name"))));
  });
  app.put("/:project/documents/file", async (context) => {
    const { project } = await contextOf(place, context.req.param("project"));
    const { raw } = context.req;
    if (Number(raw.headers.get("content-length")) > mostBytes) throw tooLarge();
    await addDocument(project, nameIn(context.req.query("name")), bounded(raw.body));
    indexes.changed(project);
    return context.json({ ok: true });
  });
  app.delete("/:project/documents/file", async (context) => {
    const { project } = await contextOf(place, context.req.param("project"));
    await removeDocument(project, nameIn(context.req.query("name")));
    indexes.changed(project);
    return context.json({ ok: true });
  });
  return app;
}

function nameIn(name: string | undefined): string {
  if (name) return name;
  throw new ApiError(400, "invalid_value", "The request names no document.");
}

async function* bounded(body: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw tooLarge();
    yield piece;
  }
}

const tooLarge = (): ApiError =>
  new ApiError(
    413,
    "too_large",
    `A document may have ${mostBytes / 2 ** 20} MB at most; split it into parts. Nothing was kept of it.`,
  );

/** What became of the files, told again without reading them while none of them changed. */
function rememberOutcomes() {
  const known = new Map<string, { look: string; outcomes: Promise<DocumentOutcome[]> }>();
  return (key: string, files: ListedDocument[], examine: () => Promise<DocumentOutcome[]>) => {
    const look = JSON.stringify(files);
    const kept = known.get(key);
    if (kept?.look === look) return kept.outcomes;
    const outcomes = examine();
    known.set(key, { look, outcomes });
    outcomes.catch(() => known.delete(key));
    return outcomes;
  };
}
