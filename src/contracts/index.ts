export { LoragError, exitCodes, inBrief } from "./errors.ts";
export type { ErrorDetail, ErrorKind, Paid, PlainError } from "./errors.ts";
export type {
  Block,
  Chunk,
  ChunkPart,
  Citation,
  Document,
  Heading,
  Hit,
  Link,
  SkippedDocument,
} from "./documents.ts";
export type { Answer, Example, Message, Usage } from "./messages.ts";
export { greedy } from "./chat-model.ts";
export type {
  AdapterHost,
  ChatModel,
  Constraint,
  Generation,
  GenerationRequest,
  Sampling,
  TokenLogprob,
} from "./chat-model.ts";
export type {
  ChunkQuery,
  ChunkStore,
  EmbeddedAs,
  Embedder,
  Filter,
  IndexedDocument,
  IndexGeneration,
  PairScorer,
  Query,
  Reranker,
  Retrieve,
  Searcher,
} from "./retrieval.ts";
export type { AnswererName, Arm, ArmSpec, ContextName, Grounding } from "./arm.ts";
export { armPresetNames, armSectionKeys, armSpec } from "./arm-entry.ts";
export type { ArmEntry, ArmPreset } from "./arm-entry.ts";
export type { TermReport } from "./terms.ts";
export { retrievalSchema } from "./retrieval-config.ts";
export type { RetrievalSettings } from "./retrieval-config.ts";
export type { Classification, Classifier } from "./classifier.ts";
export { problemTypes, trainingDefaults, trainingShape } from "./training-config.ts";
export type { MethodName, ProblemType, TrainingBackend, TrainingKeys } from "./training-config.ts";
export { languageCodes } from "./language.ts";
export type { LanguageCode } from "./language.ts";
export type { AdapterRegistry, AdapterVersion, AdapterWork, NamedAdapter, Releases } from "./adapters.ts";
export type { ServedAnswer, ServedModel, ServedRequest, Service } from "./service.ts";
export type { ApiKey, StoredKey } from "./api-key.ts";
export type {
  FileStore,
  FineTuning,
  FineTuningJob,
  JobEvent,
  JobOrder,
  JobStatus,
  Storage,
  StoredFile,
  VectorStore,
  VectorStoreFile,
  VectorStores,
} from "./storage.ts";
export type {
  ChatAnswer,
  ChatEvent,
  ChatFeedback,
  CheckedConfig,
  ConfigKey,
  ConfigText,
  Contender,
  DocumentList,
  DocumentOutcome,
  DocumentView,
  ExampleList,
  ExampleView,
  GlossaryView,
  AnswerPathsView,
  GraphView,
  ServingView,
  IndexState,
  ListedDocument,
  ListedExample,
  LatestAnswer,
  ListedProject,
  QuestionView,
  ResultsSummary,
  RunChange,
  RunComparison,
  RunEstimate,
  RunEvent,
  RunRequest,
  RunStage,
  RunView,
} from "./page.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { configSchema, defaultConfig } from "./config.ts";
export { endpointSchema, modelEntry } from "./models.ts";
export type { EndpointEntry, ModelEntry } from "./models.ts";
export type { Config } from "./config.ts";
export { dataChecks } from "./data-report.ts";
export type { CleanedData, DataCheck, DataFinding, DataReport, Quantiles } from "./data-report.ts";
export type { SourceEntry } from "./sources-config.ts";
export { datasetSchema } from "./datasets.ts";
export type { Dataset, FileFormatName, RowTypeName } from "./datasets.ts";
export type { AnswerRecord, MetricName, QuestionRecord, Scores } from "./question-record.ts";
export { gradingForms, gradingKeys, gradingModes, gradingSchema } from "./grading.ts";
export type { Grading, GradingMode, JudgeVerdict } from "./grading.ts";
export type { Estimate } from "./estimate.ts";
export type { LearningCurve } from "./learning-curve.ts";
export { resultsSchema } from "./results.ts";
export type {
  ArmResult,
  ArmSummary,
  BreakEven,
  Floor,
  JudgeSummary,
  Metrics,
  PairwiseTest,
  Prices,
  Results,
  Run,
  TrainingRecord,
  Verdict,
} from "./results.ts";
export { gradeOverrideSchema } from "./grade-override.ts";
export type { GradeOverride } from "./grade-override.ts";
export type { SearchReport, SearchTrial } from "./search.ts";
