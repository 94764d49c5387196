import { Hono } from "hono";
import { z } from "zod";
import type { QuestionView } from "../../contracts/index.ts";
import {
  addOverride,
  compareResults,
  exportResults,
  readResults,
  startRun,
  summariseResults,
  type Program,
} from "../../pipeline/index.ts";
import { ApiError } from "../api-error.ts";
import { readJson } from "../guard.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";

const override = z.object({
  question: z.string(),
  arm: z.string(),
  answer: z.string(),
  correct: z.boolean().nullable(),
  reason: z.string().trim().min(1, { error: "say why, in a few words" }).max(2000),
});

const types = {
  html: "text/html; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/** `/results` of a project: the verdict, a question, grades set by hand, two runs compared, and files to take away. */
export function resultRoutes(place: ProjectPlace, program: Program): Hono {
  const app = new Hono();
  const open = async (project: string) => (await contextOf(place, project)).project;
  app.get("/:project/results", async ({ req, json }) =>
    json(await summariseResults(await open(req.param("project")), req.query("run"))),
  );
  app.get("/:project/results/question", async ({ req, json }) => {
    const results = await readResults(await open(req.param("project")), req.query("run"));
    const place = results.questions.findIndex(({ id }) => id === req.query("id"));
    const question = results.questions[place];
    if (!question)
      throw new ApiError(
        404,
        "no_question",
        "This question is not in these results: it may have been changed or removed since.",
      );
    const shown = Object.values(question.arms).flatMap(({ hits }) => hits.map(({ chunkId }) => chunkId));
    const passages = Object.fromEntries(
      shown.flatMap((id) => (results.passages[id] ? [[id, results.passages[id]]] : [])),
    );
    const beside = (step: number): string | null => results.questions[place + step]?.id ?? null;
    return json({ question, passages, before: beside(-1), after: beside(1) } satisfies QuestionView);
  });
  app.post("/:project/results/override", async ({ req, json }) => {
    const { folder } = await open(req.param("project"));
    await addOverride(folder, override.parse(await readJson(req.raw)));
    return json({ ok: true });
  });
  app.post("/:project/results/recompute", async ({ req, json }) => {
    const context = await contextOf(place, req.param("project"));
    const { arms } = await readResults(context.project);
    return json({
      id: await startRun(context, program, { arms: arms.map(({ name }) => name), curve: false }),
    });
  });
  app.get("/:project/results/changes", async ({ req, json }) =>
    json(await compareResults(await open(req.param("project")), req.query("before") ?? "", req.query("run"))),
  );
  app.get("/:project/results/export", async ({ req }) => {
    const format = z.enum(["html", "md", "csv"]).parse(req.query("format"));
    const { name, text } = await exportResults(await open(req.param("project")), format, req.query("run"));
    return new Response(text, {
      headers: {
        "content-type": types[format],
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      },
    });
  });
  return app;
}
