import type { TrainingRecord } from "../contracts/index.ts";

/** By how much the validation loss must rise above its best, which it does by chance by less. */
const rise = 1.05;

/**
 * What a loss curve says of overfitting, and what to change; undefined where it does not: the validation loss ends well above
 * its best while the training loss is below it.
 */
export function overfitAdvice(curve: TrainingRecord["losses"]): string | undefined {
  const validated = curve.flatMap(({ step, validation }) =>
    validation === null ? [] : [{ step, validation }],
  );
  const trained = curve.flatMap(({ train }) => train ?? []);
  const last = validated.at(-1);
  if (!last || trained.length === 0) return undefined;
  const best = validated.reduce((least, point) => (point.validation < least.validation ? point : least));
  const end = trained.slice(-Math.max(1, Math.floor(trained.length / 4)));
  const train = end.reduce((sum, loss) => sum + loss, 0) / end.length;
  if (last.validation < rise * best.validation || train >= last.validation) return undefined;
  const figures = `validation loss was lowest at step ${best.step} (${best.validation.toFixed(3)}) and rose to ${last.validation.toFixed(3)}, with a training loss of ${train.toFixed(3)}`;
  const kept =
    best.step === 0 ? "the untrained weights were kept" : `the weights of step ${best.step} were kept`;
  const change =
    best.step === 0
      ? "lower learning_rate, and look at whether the validation examples are of the same kind"
      : "lower num_epochs, learning_rate or lora_r, set lora_dropout to 0.05 or early_stopping_patience to 2, or add examples";
  return `It overfits: ${figures}; ${kept}. To change that, ${change}.`;
}
