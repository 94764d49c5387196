export { trainAdapter } from "./train-adapter.ts";
export type { TrainAdapterOptions } from "./train-adapter.ts";
export type { TrainingSettings } from "./settings.ts";
export type { StepReport } from "./train-loop.ts";
export type { TrainingPlan } from "./train-worker.ts";
export { openExampleLength, openExampleView } from "./objectives/model-encoding.ts";
export type { ExampleView } from "./objectives/model-encoding.ts";
