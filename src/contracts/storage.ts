import type { Hit } from "./documents.ts";

/** What clients upload and make, kept under the name of the key that made it: no other key sees it. */
export interface Storage {
  files: FileStore;
  stores: VectorStores;
  jobs: FineTuning;
}

export interface StoredFile {
  id: string;
  owner: string;
  filename: string;
  purpose: string;
  bytes: number;
  /** Seconds since 1970. */
  created: number;
}

export interface FileStore {
  add(file: Pick<StoredFile, "owner" | "filename" | "purpose">, content: Uint8Array): Promise<StoredFile>;
  list(owner: string): Promise<StoredFile[]>;
  get(owner: string, id: string): Promise<StoredFile | undefined>;
  read(file: StoredFile): Promise<Uint8Array>;
  remove(file: StoredFile): Promise<void>;
}

export interface VectorStore {
  id: string;
  owner: string;
  name: string;
  /** What the client notes of it. */
  metadata?: Record<string, string>;
  created: number;
  files: VectorStoreFile[];
  /** The project's own documents: they are read and not changed. */
  isProject?: boolean;
}

export interface VectorStoreFile {
  id: string;
  filename: string;
  bytes: number;
  created: number;
  status: "in_progress" | "completed" | "failed";
  /** Why it failed. */
  error?: string;
  /** The id of the batch that it came in. */
  batch?: string;
}

export interface VectorStores {
  create(
    owner: string,
    given: Pick<VectorStore, "name" | "metadata">,
    files: readonly StoredFile[],
  ): Promise<VectorStore>;
  update(store: VectorStore, changes: Partial<Pick<VectorStore, "name" | "metadata">>): Promise<VectorStore>;
  /** The project's own documents are among them where it has an index. */
  list(owner: string): Promise<VectorStore[]>;
  get(owner: string, id: string): Promise<VectorStore | undefined>;
  /** Returns at once; the file is `in_progress` until it is indexed. */
  attach(store: VectorStore, file: StoredFile, batch?: string): Promise<VectorStoreFile>;
  detach(store: VectorStore, fileId: string): Promise<void>;
  remove(store: VectorStore): Promise<void>;
  /** Passages for a question, best first. A hit's document id is `FILE_ID/FILENAME`; of the project's, a path. */
  search(store: VectorStore, query: string, limit: number): Promise<Hit[]>;
}

export type JobStatus = "validating_files" | "queued" | "running" | "succeeded" | "failed" | "cancelled";

export interface JobOrder {
  model: string;
  trainingFile: string;
  validationFile?: string | undefined;
  /** Goes into the name of what is made. */
  suffix?: string | undefined;
  seed?: number | undefined;
  method: "supervised" | "dpo";
  epochs?: number | undefined;
  batchSize?: number | undefined;
  learningRateMultiplier?: number | undefined;
}

export interface FineTuningJob extends JobOrder {
  id: string;
  owner: string;
  created: number;
  finished?: number;
  status: JobStatus;
  /** The name that answers, once it has succeeded. */
  tunedModel?: string;
  error?: { code: string; message: string; param: string | null };
  trainedTokens?: number;
}

export interface JobEvent {
  created: number;
  level: "info" | "warn" | "error";
  message: string;
  /** Of a step: loss and the like. */
  data?: Record<string, number>;
}

export interface FineTuning {
  /** Returns at once; the files are checked and the model trained one job after another. */
  create(owner: string, order: JobOrder): Promise<FineTuningJob>;
  list(owner: string): Promise<FineTuningJob[]>;
  get(owner: string, id: string): Promise<FineTuningJob | undefined>;
  cancel(job: FineTuningJob): Promise<FineTuningJob>;
  /** Oldest first. */
  events(job: FineTuningJob): Promise<JobEvent[]>;
}
