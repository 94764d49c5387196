import { Hono } from "hono";
import { z } from "zod";
import { configKeys, examineConfig, readConfigText, saveConfig, setConfigKey } from "../../pipeline/index.ts";
import { readJson } from "../guard.ts";
import { folderOf, type ProjectPlace } from "./open-project.ts";

const text = z.object({ text: z.string() });
const path = z.union([z.string(), z.array(z.union([z.string(), z.int().min(0)])).min(1)]);
const change = text.extend({ key: path, value: z.unknown().optional() });
const saved = text.extend({ base: z.string() });

/** `/config` of a project: its text, its keys, and both ways between a form and the text. */
export function configRoutes(place: ProjectPlace): Hono {
  const app = new Hono();
  app.get("/:project/config", async (context) =>
    context.json(await readConfigText(await folderOf(place, context.req.param("project")))),
  );
  app.get("/:project/config/keys", (context) => context.json(configKeys()));
  app.post("/:project/config/check", async (context) =>
    context.json(examineConfig(text.parse(await readJson(context.req.raw)).text)),
  );
  app.post("/:project/config/key", async (context) => {
    const { text: before, key, value } = change.parse(await readJson(context.req.raw));
    return context.json({ text: setConfigKey(before, key, value) });
  });
  app.put("/:project/config", async (context) => {
    const folder = await folderOf(place, context.req.param("project"));
    const { text: after, base } = saved.parse(await readJson(context.req.raw));
    return context.json(await saveConfig(folder, after, base));
  });
  return app;
}
