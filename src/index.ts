export { ask, collectWarnings, compare, index, initProject, openProject, train } from "./pipeline/index.ts";
export type {
  Comparison,
  Context,
  IndexReport,
  Project,
  Question,
  TrainedAdapter,
  Warning,
} from "./pipeline/index.ts";
export { LoragError, armPresetNames, configSchema, exitCodes } from "./contracts/index.ts";
export type {
  Answer,
  ArmSpec,
  Citation,
  Config,
  Example,
  Hit,
  Message,
  OnProgress,
  Progress,
  Results,
  Usage,
} from "./contracts/index.ts";
