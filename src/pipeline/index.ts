export { openService } from "./serving/service.ts";
export type { ServiceOptions } from "./serving/service.ts";
export { adaptersFolder } from "./serving/adapters-folder.ts";
export { openAdapterFolder } from "./serving/adapter-folder.ts";
export { openKeys } from "./serving/keys.ts";
export { ask } from "./ask.ts";
export type { Question } from "./ask.ts";
export { judgePairs } from "./judge-pairs.ts";
export { compare } from "./compare.ts";
export type { Comparison } from "./compare.ts";
export { collectWarnings, interrupted, openProject } from "./context.ts";
export type { Context, Warning } from "./context.ts";
export { renderConfigReference } from "./config/config-reference.ts";
export type { Project } from "./config/read-project.ts";
export { checkData } from "./data/check-data.ts";
export { generateData } from "./data/generate-data.ts";
export { showExample, showParts } from "./data/show-example.ts";
export { splitData } from "./data/split-data.ts";
export { cleanData } from "./data/clean-data.ts";
export { exportArm } from "./export.ts";
export type { ExportOptions } from "./export.ts";
export { importAdapter } from "./import-adapter.ts";
export { examine } from "./doctor.ts";
export { measureFit } from "./measure-fit.ts";
export type { Check } from "./doctor.ts";
export { inspectGlossary } from "./inspect-glossary.ts";
export { inspectGraph, traceAnswer } from "./inspect-graph.ts";
export { index, watchIndex } from "./index-project.ts";
export type { IndexReport } from "./steps/update-indexes.ts";
export { initProject } from "./init.ts";
export { configKeys, examineConfig, readConfigText, saveConfig, setConfigKey } from "./config/edit-config.ts";
export {
  addDocument,
  examineDocuments,
  indexState,
  listDocuments,
  removeDocument,
  showDocument,
} from "./projects/project-documents.ts";
export { keepFeedback } from "./projects/chat-feedback.ts";
export { importGlossary, viewGlossary } from "./projects/project-glossary.ts";
export { viewServing } from "./projects/project-serving.ts";
export { findingsOf, listExamples, mendExamples } from "./projects/project-examples.ts";
export { estimateRun } from "./runs/estimate-run.ts";
export { drawCurves, latestAnswers, listContenders } from "./runs/live-run.ts";
export { recordRun } from "./runs/record-run.ts";
export { findRun, listRuns, readEventLines, resumeRun, startRun, stopRun } from "./runs/run-records.ts";
export type { Program } from "./runs/run-records.ts";
export { addOverride } from "./verdict/grade-overrides.ts";
export { compareResults, exportResults } from "./verdict/export-results.ts";
export { readResults, summariseResults } from "./verdict/read-results.ts";
export { withArms } from "./runs/with-arms.ts";
export { createProject, findProject, listProjects } from "./projects/list-projects.ts";
export { showDocuments } from "./show-documents.ts";
export type { ShownDocument } from "./show-documents.ts";
export { tune } from "./tune.ts";
export type { TuneOptions } from "./tune.ts";
export { forecastTraining, train, type TrainingForecast } from "./train.ts";
export type { TrainedAdapter } from "./steps/ensure-adapter.ts";
