import { Hono } from "hono";
import { z } from "zod";
import {
  drawCurves,
  estimateRun,
  findRun,
  latestAnswers,
  listContenders,
  listRuns,
  resumeRun,
  startRun,
  stopRun,
  type Program,
} from "../../pipeline/index.ts";
import { ApiError } from "../api-error.ts";
import { readJson } from "../guard.ts";
import type { IndexKeeper } from "./index-keeper.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";
import { streamRun } from "./stream-run.ts";

const request = z.object({ arms: z.array(z.string()).min(1), curve: z.boolean().default(false) });

/** `/runs` of a project: estimate, start, pause, stop, take up again; what happens, as it happens. */
export function runRoutes(place: ProjectPlace, program: Program, indexes: IndexKeeper): Hono {
  const app = new Hono();
  const open = async (project: string) => contextOf(place, project);
  app.get("/:project/contenders", async ({ req, json }) =>
    json(listContenders((await open(req.param("project"))).project)),
  );
  app.get("/:project/runs", async ({ req, json }) =>
    json(await listRuns((await open(req.param("project"))).project)),
  );
  app.post("/:project/runs/estimate", async ({ req, json }) => {
    const wanted = request.parse(await readJson(req.raw));
    return json(await estimateRun(await open(req.param("project")), wanted));
  });
  app.post("/:project/runs", async ({ req, json }) => {
    const wanted = request.parse(await readJson(req.raw));
    const context = await open(req.param("project"));
    await indexes.settle(context.project.folder);
    return json({ id: await startRun(context, program, wanted) });
  });
  app.get("/:project/runs/:id", async ({ req, json }) =>
    json(await findRun((await open(req.param("project"))).project, req.param("id"))),
  );
  app.post("/:project/runs/:id/:what", async ({ req, json }) => {
    const { project } = await open(req.param("project"));
    const { id, what } = req.param();
    if (what === "resume") await resumeRun(project, program, id);
    else if (what === "pause" || what === "stop") await stopRun(project, id, what);
    else throw new ApiError(404, "unknown_url", "A run can be paused, stopped and resumed.");
    return json({ ok: true });
  });
  app.get("/:project/runs/:id/curves", async ({ req, json }) => {
    const context = await open(req.param("project"));
    const { arms, curve } = await findRun(context.project, req.param("id"));
    return json({ chart: await drawCurves(context, arms, curve) });
  });
  app.get("/:project/runs/:id/answers", async ({ req, json }) =>
    json(await latestAnswers((await open(req.param("project"))).project, req.query("arm") ?? "")),
  );
  app.get("/:project/runs/:id/events", async ({ req }) => {
    const { project } = await open(req.param("project"));
    await findRun(project, req.param("id"));
    return streamRun(
      project,
      req.param("id"),
      req.header("last-event-id") ?? req.query("after"),
      req.raw.signal,
    );
  });
  return app;
}
