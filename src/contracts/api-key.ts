/** Who a request is from, and what it may use. */
export interface ApiKey {
  /** What it uploads and makes is kept under this; "" is that of a server without keys. */
  name: string;
  /** Models and vector stores that it may use; absent for all. `support:*` is every arm of a project. */
  only?: readonly string[];
  /** Most requests of it that are under way or wait; absent for as many as the server takes. */
  atOnce?: number;
}

/** A key as it is stored: never itself. */
export interface StoredKey extends ApiKey {
  /** SHA-256 of the key, hex. */
  hash: string;
}
