/** A folder of files that a server can load: an adapter, or one of its versions. */
export interface AdapterVersion {
  /** What clients ask for: `NAME`, or `NAME:VERSION`. */
  id: string;
  /** Absent of an adapter that has no versions. */
  version?: string;
  /** Of its weights. */
  bytes: number;
  /** Seconds since 1970. */
  created: number;
  /** Whether this server has it in memory. */
  isLoaded: boolean;
  /** What it answered since this server opened it. */
  work: AdapterWork;
}

export interface AdapterWork {
  answers: number;
  /** Requests that ended in an error. */
  failed: number;
  completionTokens: number;
  /** Time that its answers took, together. */
  ms: number;
}

/** Which versions of an adapter its alias `latest` stands for. */
export interface Releases {
  latest?: string | undefined;
  /** What `latest` was before. */
  previous?: string | undefined;
  /** A version that gets `share` of the requests to `latest`, from 0 to 1. */
  canary?: { version: string; share: number } | undefined;
}

export interface NamedAdapter extends Releases {
  name: string;
  /** One without a version, or all versions, the oldest first. */
  versions: AdapterVersion[];
}

/** Adapters of a folder, by name: loaded when first asked for, the least recently used of them let go. */
export interface AdapterRegistry {
  list(): Promise<NamedAdapter[]>;
  /** Throws LORAG_UNKNOWN_ADAPTER for a name that is not registered; what loading one throws that does not fit the base. */
  load(name: string): Promise<void>;
  unload(name: string): Promise<void>;
  /** These change what `NAME:latest` is from the next request on. They throw LORAG_UNKNOWN_ADAPTER, LORAG_USAGE. */
  release(name: string, version: string): Promise<Releases>;
  canary(name: string, version: string, share: number): Promise<Releases>;
  rollBack(name: string): Promise<Releases>;
}
