export { ask, collectWarnings, compare, index, initProject, openProject, train } from "./pipeline/index.ts";
export type {
  Comparison,
  Context,
  IndexReport,
  Project,
  Question,
  TrainedAdapter,
  TunedArm,
  Warning,
} from "./pipeline/index.ts";
export { LoragError, armNames, configSchema, exitCodes } from "./contracts/index.ts";
export type {
  Answer,
  ArmName,
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
