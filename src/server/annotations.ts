import type { Citation, Hit } from "../contracts/index.ts";

/** A citation as OpenAI's API gives it, with more under a key of our own. */
export interface Annotation {
  type: "file_citation";
  file_id: string;
  filename: string;
  /** Where in the text it stands, in UTF-16 code units. */
  index: number;
  lorag: { marker: number; quote: string; start: number; end: number; headings: string[]; verdict: string };
}

/** One for each citation. Where it quotes nothing, the whole passage that it points to is its quote. */
export function annotate(text: string, citations: readonly Citation[], hits: readonly Hit[]): Annotation[] {
  return citations.map((citation) => {
    const { marker, documentId, title, headings, start, end, verdict, chunkId, claim } = citation;
    const passage = (): string | undefined => hits.find(({ chunk }) => chunk.id === chunkId)?.chunk.text;
    return {
      type: "file_citation",
      file_id: fileOf(documentId).file_id,
      filename: isUploaded(documentId) ? fileOf(documentId).filename : title || documentId,
      // A passage may be cited again for a later sentence.
      index: Math.max(0, text.indexOf(`[${marker}]`, claim?.start)),
      lorag: { marker, quote: citation.quote || (passage() ?? ""), start, end, headings, verdict },
    };
  });
}

const uploaded = /^(file-[0-9a-f]+)\/(.+)$/;
const isUploaded = (documentId: string): boolean => uploaded.test(documentId);

/** What a document is called where clients ask for it: an uploaded one has the id of its file. */
export function fileOf(documentId: string): { file_id: string; filename: string } {
  const [, id, name] = uploaded.exec(documentId) ?? [];
  return { file_id: id ?? documentId, filename: name ?? documentId };
}
