import type { DecoderConfig, OpenModel, ResolvedModel } from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import { doraMethod } from "./dora.ts";
import { fullMethod } from "./full.ts";
import { loraMethod } from "./lora.ts";
import type { Method } from "./method.ts";

/** How a decoder is trained. The model's weights are open. A new method is a file and a line here. */
export function decoderMethod(
  settings: TrainingSettings,
  model: OpenModel,
  resolved: ResolvedModel,
  config: DecoderConfig,
): Method {
  if (settings.method === "dora") return doraMethod(settings, model);
  if (settings.method === "full") return fullMethod(settings, model, resolved, config);
  return loraMethod(settings);
}
