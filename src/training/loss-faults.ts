import { LoragError } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import type { Batch } from "./batches.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { evaluateAll } from "./evaluate-all.ts";
import type { Trainable } from "./trainable.ts";

/** What is looked at for losses and gradients that have gone wrong. */
interface Looked<Kind extends Batch> {
  what: "the loss" | "the validation loss";
  loss: number;
  /** Null where none was taken. */
  gradientNorm: number | null;
  batches: Kind[];
}

/**
 * Throws LORAG_LOSS_NOT_FINITE for what is no finite number, LORAG_LOSS_EXPLODED for a loss above that of guessing blindly,
 * twice the best one so far, and a tenth above that of the untrained model on the very same examples: the weights are
 * beyond saving. An example that the model finds unlikely from the start is none.
 */
export async function refuseExploded<Kind extends Batch>(
  looked: Looked<Kind>,
  state: Checkpoint,
  model: Trainable<Kind>,
): Promise<void> {
  const { what, loss, gradientNorm, batches } = looked;
  if (!Number.isFinite(loss)) throw spoiled("LORAG_LOSS_NOT_FINITE", `${what} became ${loss}`, looked, state);
  if (gradientNorm !== null && !Number.isFinite(gradientNorm))
    throw spoiled("LORAG_LOSS_NOT_FINITE", `the gradient's norm became ${gradientNorm}`, looked, state);
  const best = state.curve.reduce(
    (least, { train, validation }) => Math.min(least, train ?? least, validation ?? least),
    loss,
  );
  const guessing = model.blindLoss;
  if (loss <= Math.max(guessing, 2 * best)) return;
  const { loss: untrained } = await evaluateAll(model, batches, model.initialParameters);
  if (loss <= 1.1 * untrained) return;
  const figures = `${what} rose to ${rounded(loss)}, above the ${rounded(untrained)} of the untrained model and the ${rounded(guessing)} of guessing`;
  throw spoiled("LORAG_LOSS_EXPLODED", figures, looked, state);
}

function spoiled(
  code: "LORAG_LOSS_NOT_FINITE" | "LORAG_LOSS_EXPLODED",
  figures: string,
  { batches }: Looked<Batch>,
  { step }: Checkpoint,
): LoragError {
  const ids = batches.flatMap((batch) => batch.exampleIds);
  const shown = ids.slice(0, 20).join(", ") + (ids.length > 20 ? ` and ${ids.length - 20} more` : "");
  return new LoragError({
    code,
    kind: "data",
    message: `Training stopped after ${counted(step, "step")}: ${figures}, on the examples ${shown}`,
    next: "Lower `learning_rate`, or `max_grad_norm` where it is above 1 or 0 (off); if it happens in the first steps, look at these examples.",
  });
}

/** To four significant digits, as people read it. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** Whether an error is one of a loss or gradient that went wrong. */
export const isSpoiled = (error: unknown): error is LoragError =>
  error instanceof LoragError && error.code.startsWith("LORAG_LOSS_");

/** The error that ends a training which was given its chances. */
export function givenUp(error: LoragError): LoragError {
  const message = `${error.message}; before that a step had been skipped, or training taken back at half the rate, twice`;
  return new LoragError({ ...error.toPlain(), message, cause: error });
}
