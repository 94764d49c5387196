import type { SourceEntry } from "../../contracts/index.ts";
import type { DocumentFile } from "./document-file.ts";
import { listDatabase } from "./list-database.ts";
import { listBucket } from "./list-bucket.ts";
import { listSitemap, pageFile } from "./list-pages.ts";

/** A source, with the path of a database file made absolute. */
export type Source = SourceEntry;

/**
 * The documents of a source. Throws where that cannot be said, since a list with holes would delete from the index what
 * is only out of reach: LORAG_DATABASE, LORAG_UNREACHABLE and others of kind "unavailable".
 */
export async function listSource(source: Source, signal?: AbortSignal): Promise<DocumentFile[]> {
  if (source.url !== undefined) return [pageFile(source.url, source, signal)];
  if (source.sitemap !== undefined) return listSitemap(source.sitemap, source, signal);
  if (source.database !== undefined) return listDatabase(source.database, source, signal);
  return listBucket(source.s3!, source, signal);
}
