import { Hono } from "hono";
import { z } from "zod";
import { createProject, listProjects } from "../../pipeline/index.ts";
import { readJson } from "../guard.ts";

const created = z.object({ name: z.string(), kind: z.enum(["empty", "starter"]) });

export function projectRoutes({ root }: { root: string }): Hono {
  const app = new Hono();
  app.get("/", async (context) => context.json(await listProjects(root)));
  app.post("/", async (context) => {
    const { name, kind } = created.parse(await readJson(context.req.raw));
    await createProject(root, name, kind);
    return context.json({ name });
  });
  return app;
}
