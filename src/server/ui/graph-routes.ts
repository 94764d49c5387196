import { Hono } from "hono";
import type { AnswerPathsView, GraphView } from "../../contracts/index.ts";
import { inspectGraph, traceAnswer, type Context } from "../../pipeline/index.ts";
import { createInTurn } from "../../platform/index.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";

/** `/graph` of a project: what it holds, what is around an entity, and how an answer's passages hang together. */
export function graphRoutes(place: ProjectPlace): Hono {
  const app = new Hono();
  const inTurn = oneAtATime();
  app.get("/:project/graph", async ({ req, json }) => {
    const around = req.query("around");
    const context = await contextOf(place, req.param("project"), req.raw.signal);
    const { statistics, graph } = await inTurn(context, () =>
      inspectGraph(context, around === undefined ? {} : { around }),
    );
    const { documents, passages, entities, communities, commonest, largest } = statistics;
    return json({
      documents,
      passages,
      entities: entities.term + entities.name + entities.phrase,
      communities,
      commonest,
      largest,
      nodes: graph?.nodes ?? [],
      links: graph?.links ?? [],
    } satisfies GraphView);
  });
  app.get("/:project/graph/paths", async ({ req, json }) => {
    const context = await contextOf(place, req.param("project"), req.raw.signal);
    const passages = (req.query("passages") ?? "").split(",").filter(Boolean).slice(0, 100);
    const paths = await inTurn(context, () => traceAnswer(context, req.query("asked") ?? "", passages));
    return json(paths satisfies AnswerPathsView);
  });
  return app;
}

/** A project's graph is brought up to date under its lock: a second view of it waits for the first. */
function oneAtATime() {
  const turns = new Map<string, ReturnType<typeof createInTurn>>();
  return <Result>({ project, signal }: Context, work: () => Promise<Result>): Promise<Result> => {
    const inTurn = turns.get(project.folder) ?? createInTurn();
    turns.set(project.folder, inTurn);
    return inTurn(() => {
      signal.throwIfAborted();
      return work();
    });
  };
}
