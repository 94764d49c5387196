import type { Example } from "../../contracts/index.ts";
import type { BatchShape, OpenModel } from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import { shapeFor } from "./batch-shape.ts";
import { encodeExamples } from "./encode.ts";
import { encodeOptions } from "./model-encoding.ts";

type Encoded = ReturnType<typeof encodeExamples>;

/** The examples of a job as a decoder reads them, and the shape of the batches that hold them. Throws what encoding examples throws. */
export function encodeAnswers(
  model: OpenModel,
  job: { train: Example[]; validation: Example[]; settings: TrainingSettings },
): { encoding: ReturnType<typeof encodeOptions>; train: Encoded; validation: Encoded; shape: BatchShape } {
  const { sequence_len, micro_batch_size } = job.settings;
  const encoding = encodeOptions(model);
  const train = encodeExamples(job.train, encoding, sequence_len);
  const validation = encodeExamples(job.validation, encoding, sequence_len, "validation");
  const shape = shapeFor([...train.examples, ...validation.examples], micro_batch_size, sequence_len);
  return { encoding, train, validation, shape };
}
