import type { TrainingSettings } from "./settings.ts";

/** One optimizer step: the batches whose gradients are added up. */
export interface PlannedStep<Plan> {
  batches: Plan[];
  /** Epochs done after this step, for example 0.5. */
  epoch: number;
  /** Validate after this step. */
  validate: boolean;
}

/**
 * All steps of a training run, known before it starts: the schedule needs their number, and a resumed run the same
 * order. Each epoch shuffles anew. A broken last epoch (2.5) is cut short; the last step always validates.
 */
export function planSteps<Plan>(
  batchesOf: (stream: number[]) => Plan[],
  settings: Pick<
    TrainingSettings,
    "num_epochs" | "max_steps" | "gradient_accumulation_steps" | "evals_per_epoch" | "seed"
  >,
): PlannedStep<Plan>[] {
  const steps: PlannedStep<Plan>[] = [];
  const {
    num_epochs: epochs,
    max_steps: most = Infinity,
    gradient_accumulation_steps: accumulation,
  } = settings;
  for (let epoch = 0; epoch < epochs && steps.length < most; epoch++) {
    const batches = batchesOf([settings.seed, epoch]);
    const whole = Math.ceil(batches.length / accumulation);
    const count = Math.min(most - steps.length, Math.max(1, Math.round(whole * Math.min(1, epochs - epoch))));
    const validationsBy = (step: number): number => Math.floor((step * settings.evals_per_epoch) / whole);
    for (let step = 0; step < count; step++) {
      steps.push({
        batches: batches.slice(step * accumulation, (step + 1) * accumulation),
        epoch: epoch + (step + 1) / whole,
        validate: validationsBy(step + 1) > validationsBy(step),
      });
    }
  }
  const last = steps.at(-1);
  if (last) last.validate = true;
  return steps;
}
