import { Hono } from "hono";
import { z } from "zod";
import type { AdapterRegistry } from "../../contracts/index.ts";
import { viewServing } from "../../pipeline/index.ts";
import { ApiError } from "../api-error.ts";
import { readJson } from "../guard.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";
import type { ServiceKeeper } from "./service-keeper.ts";

const named = z.object({ name: z.string() });
const versioned = named.extend({ version: z.string() });
const share = z.number().gt(0, { error: "must be above 0" }).max(1, { error: "must be at most 1" });

/** What can be done to a project's adapters, by the last part of the address. */
const changes: Record<string, (adapters: AdapterRegistry, body: unknown) => Promise<unknown>> = {
  load: (adapters, body) => adapters.load(named.parse(body).name),
  unload: (adapters, body) => adapters.unload(named.parse(body).name),
  release: (adapters, body) => {
    const { name, version } = versioned.parse(body);
    return adapters.release(name, version);
  },
  canary: (adapters, body) => {
    const { name, version, share: part } = versioned.extend({ share }).parse(body);
    return adapters.canary(name, version, part);
  },
  rollback: (adapters, body) => adapters.rollBack(named.parse(body).name),
};

/** `/serving` of a project: what is ready, and its adapters taken in and out, released and taken back. */
export function servingRoutes(place: ProjectPlace, services: ServiceKeeper): Hono {
  const app = new Hono();
  app.get("/:project/serving", async ({ req, json }) => {
    const context = await contextOf(place, req.param("project"));
    return json(await viewServing(context.project, await services.of(context)));
  });
  app.post("/:project/serving/:change", async ({ req, json }) => {
    const change = Object.hasOwn(changes, req.param("change")) && changes[req.param("change")];
    if (!change)
      throw new ApiError(404, "unknown_url", `An adapter can be told: ${Object.keys(changes).join(", ")}.`);
    const body = await readJson(req.raw);
    const { adapters } = await services.of(await contextOf(place, req.param("project")));
    await change(adapters!, body);
    return json({ ok: true });
  });
  return app;
}
