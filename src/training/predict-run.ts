/** What a short trial of a training run measured: a few passes, nothing learnt. */
export interface Probe {
  /** Optimizer steps of the whole run, and the forward and backward passes that they take. */
  steps: number;
  passes: number;
  /** How often the run validates, at most, and on how many batches. */
  validations: number;
  validationBatches: number;
  secondsPerPass: number;
  secondsPerValidationBatch: number;
  /** Until the first pass. */
  openSeconds: number;
  /** Numbers that are trained. */
  parameters: number;
  /** Most memory that the process had. */
  peakBytes: number;
}

/** What a run will take, if it is not stopped early. */
export interface Prediction {
  seconds: number;
  peakBytes: number;
}

/** The probe held the parameters once and the gradient; a run holds two moments, the best parameters and a checkpoint's copy. */
const arraysBeyondProbe = 4;

export function predictRun(probe: Probe): Prediction {
  const { passes, validations, validationBatches, secondsPerPass, secondsPerValidationBatch } = probe;
  return {
    seconds:
      probe.openSeconds +
      passes * secondsPerPass +
      validations * validationBatches * secondsPerValidationBatch,
    peakBytes: probe.peakBytes + arraysBeyondProbe * 4 * probe.parameters,
  };
}
