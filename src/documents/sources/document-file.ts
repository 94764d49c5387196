/** A file that may become a document, wherever it lies. */
export interface DocumentFile {
  /** The document's id. */
  id: string;
  /** Called once. Throws why the file cannot be used, or, where its `kind` is "unavailable", why nothing can be said of it. */
  read: (sizeLimit: number) => Promise<FileContent>;
}

export interface FileContent {
  bytes: Uint8Array;
  /** Its extension tells the format where the content does not; the id, unless given. */
  name?: string;
  /** Instead of one in the content. */
  title?: string;
}
