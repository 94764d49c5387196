import { Hono } from "hono";
import { z } from "zod";
import { findingsOf, listExamples, mendExamples, showExample } from "../../pipeline/index.ts";
import { readJson } from "../guard.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";

const mending = z.object({ drop: z.array(z.string()), mask: z.boolean(), html: z.boolean() });

/** `/examples` of a project: the list, one as it is trained on, what the data check finds, and a mended copy. */
export function exampleRoutes(place: ProjectPlace): Hono {
  const app = new Hono();
  app.get("/:project/examples", async (context) =>
    context.json(await listExamples(await contextOf(place, context.req.param("project")))),
  );
  app.get("/:project/examples/findings", async (context) =>
    context.json(await findingsOf(await contextOf(place, context.req.param("project")))),
  );
  app.get("/:project/examples/view", async (context) => {
    const opened = await contextOf(place, context.req.param("project"));
    return context.json(await showExample(opened, context.req.query("id") ?? ""));
  });
  app.post("/:project/examples/mend", async (context) => {
    const options = mending.parse(await readJson(context.req.raw));
    return context.json(await mendExamples(await contextOf(place, context.req.param("project")), options));
  });
  return app;
}
