import { Hono } from "hono";
import { importGlossary, viewGlossary } from "../../pipeline/index.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";

const mostGlossaryBytes = 20 * 2 ** 20;

/** A project's glossary. */
export function glossaryRoutes(place: ProjectPlace): Hono {
  const app = new Hono();
  app.get("/:project/glossary", async ({ req, json }) =>
    json(await viewGlossary(await contextOf(place, req.param("project")))),
  );
  app.put("/:project/glossary", async ({ req, json }) => {
    const context = await contextOf(place, req.param("project"));
    if (Number(req.header("content-length")) > mostGlossaryBytes)
      return json(
        { error: { code: "too_large", message: "A glossary may have 20 MB at most.", next: "" } },
        413,
      );
    await importGlossary(context, req.query("name") ?? "", new Uint8Array(await req.arrayBuffer()));
    return json({ ok: true });
  });
  return app;
}
