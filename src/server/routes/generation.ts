import { ApiError } from "../api-error.ts";
import { chatShape, completionShape, generate, type Shape } from "../generate.ts";
import { chatBody, completionBody, readChat, readCompletion, type GenerationOrder } from "../read-request.ts";
import { route, type Call, type Route, type ServerParts } from "../route.ts";
import { chatReply, completionReply } from "../replies.ts";

export function generationRoutes(parts: ServerParts): Route[] {
  const answer = async (order: GenerationOrder, shape: Shape, call: Call): Promise<Response> => {
    const { kind } = await parts.findModel(order.model, call.key);
    if (kind === "embedder") throw wrongKind(order.model, "embeds text and answers no chats");
    if (kind === "arm") refuseForm(order);
    return generate(parts, shape, order, call);
  };
  return [
    route({
      method: "POST",
      path: "/v1/chat/completions",
      summary: "Answers a chat, whole or streamed",
      returns: chatReply,
      streams: true,
      body: chatBody,
      handle: (call) => answer(readChat(call.body), chatShape, call),
    }),
    route({
      method: "POST",
      path: "/v1/completions",
      summary: "Answers a prompt",
      returns: completionReply,
      streams: true,
      body: completionBody,
      handle: (call) => answer(readCompletion(call.body), completionShape, call),
    }),
  ];
}

export const wrongKind = (id: string, what: string): ApiError =>
  new ApiError(400, "wrong_kind_of_model", `The model ${id} ${what}.`, { param: "model" });

/** An arm answers as it was compared, and its text is checked against passages: it is neither JSON nor single tokens. */
function refuseForm({ constraint, topLogprobs, model }: GenerationOrder): void {
  const param = constraint ? "response_format" : topLogprobs === undefined ? undefined : "logprobs";
  if (param === undefined) return;
  throw new ApiError(
    400,
    "unsupported_parameter",
    `${param} is not supported by ${model}, which answers as it was compared: name the base model or an adapter.`,
    { param },
  );
}
