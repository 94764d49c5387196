import type { ServedModel } from "../../contracts/index.ts";
import { isSeen } from "../find-model.ts";
import type { Route, ServerParts } from "../route.ts";
import { listOf, modelReply } from "../replies.ts";

export const modelRoutes = ({ service, findModel }: ServerParts): Route[] => [
  {
    method: "GET",
    path: "/v1/models",
    summary: "What is ready to answer",
    returns: listOf(modelReply),
    handle: async ({ key }) => {
      const models = (await service.models()).filter((model) => isSeen(model, key));
      return Response.json({ object: "list", data: models.map(describeModel) });
    },
  },
  {
    method: "GET",
    path: "/v1/models/{model}",
    summary: "One of them",
    returns: modelReply,
    handle: async ({ params, key }) => Response.json(describeModel(await findModel(params["model"]!, key))),
  },
];

function describeModel({ id, root, parent, created }: ServedModel): object {
  return {
    id,
    object: "model",
    created,
    owned_by: "lorag",
    ...(root !== undefined && { root }),
    ...(parent !== undefined && { parent }),
  };
}
