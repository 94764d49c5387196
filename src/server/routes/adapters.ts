import { z } from "zod";
import type { AdapterRegistry } from "../../contracts/index.ts";
import { route, type Route } from "../route.ts";

/** As vLLM has them, but that an adapter is known by its registered name: a path is nothing a client may give. */
const adapterBody = z.looseObject({
  lora_name: z
    .string()
    .regex(
      /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}(?::[a-zA-Z0-9][a-zA-Z0-9._-]{0,63})?$/,
      "must be a name of at most 64 letters, digits, `.`, `_` and `-`, with a version behind `:` where it has several",
    ),
});

export const adapterRoutes = (adapters: AdapterRegistry): Route[] => [
  route({
    method: "POST",
    path: "/v1/load_lora_adapter",
    summary: "Takes a registered adapter into memory",
    returns: "text/plain",
    body: adapterBody,
    handle: async ({ body: { lora_name: name } }) => {
      await adapters.load(name);
      return new Response(`Success: LoRA adapter '${name}' added successfully.`);
    },
  }),
  route({
    method: "POST",
    path: "/v1/unload_lora_adapter",
    summary: "Lets an adapter go",
    returns: "text/plain",
    body: adapterBody,
    handle: async ({ body: { lora_name: name } }) => {
      await adapters.unload(name);
      return new Response(`Success: LoRA adapter '${name}' removed successfully.`);
    },
  }),
];
