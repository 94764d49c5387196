import type { Citation, Hit, ServedAnswer } from "../contracts/index.ts";

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
    const { marker, documentId, headings, start, end, verdict, claim } = citation;
    return {
      type: "file_citation",
      file_id: fileOf(documentId).file_id,
      filename: nameOf(citation),
      // A passage may be cited again for a later sentence.
      index: Math.max(0, text.indexOf(`[${marker}]`, claim?.start)),
      lorag: { marker, quote: quoteOf(citation, hits), start, end, headings, verdict },
    };
  });
}

/** What an answer has beyond OpenAI's form, under a key of our own; nothing where there is nothing to say. */
export function extrasOf({ text, citations, hits, indexGeneration }: Answered): { lorag?: Extras } {
  const extras: Extras = {
    ...(citations.length > 0 && {
      anthropic: anthropicBlocks(text, citations, hits),
      sources: aiSources(citations, hits),
    }),
    ...(indexGeneration !== undefined && { index_generation: indexGeneration }),
  };
  return Object.keys(extras).length > 0 ? { lorag: extras } : {};
}

type Answered = Pick<ServedAnswer, "text" | "citations" | "hits" | "indexGeneration">;

interface Extras {
  /** The same citations in other forms. */
  anthropic?: AnthropicBlock[];
  sources?: AiSource[];
  index_generation?: number;
}

/** A block of text as Anthropic's API cites in it (https://docs.claude.com/en/docs/build-with-claude/citations). */
interface AnthropicBlock {
  type: "text";
  text: string;
  citations?: {
    type: "char_location";
    cited_text: string;
    /** Among the documents shown, in the order of their best passages. */
    document_index: number;
    document_title: string;
    start_char_index: number;
    end_char_index: number;
  }[];
}

/** The blocks' texts are the answer's, in pieces: each sentence that is cited is one, as is what stands between them. */
function anthropicBlocks(
  text: string,
  citations: readonly Citation[],
  hits: readonly Hit[],
): AnthropicBlock[] {
  const documents = [
    ...new Set([...hits.map(({ chunk }) => chunk), ...citations].map((of) => of.documentId)),
  ];
  const claims = new Map<number, { end: number; cited: Citation[] }>();
  for (const citation of citations) {
    const { start, end } = citation.claim ?? { start: 0, end: text.length };
    const claim = claims.get(start) ?? { end, cited: [] };
    claims.set(start, { end: Math.max(end, claim.end), cited: [...claim.cited, citation] });
  }
  const blocks: AnthropicBlock[] = [];
  const plain = (from: number, to: number): void => {
    if (to > from) blocks.push({ type: "text", text: text.slice(from, to) });
  };
  let at = 0;
  for (const [start, { end, cited }] of [...claims].sort(([a], [b]) => a - b)) {
    plain(at, start);
    blocks.push({
      type: "text",
      text: text.slice(Math.max(at, start), end),
      citations: cited.map((citation) => ({
        type: "char_location",
        cited_text: quoteOf(citation, hits),
        document_index: documents.indexOf(citation.documentId),
        document_title: nameOf(citation),
        start_char_index: citation.start,
        end_char_index: citation.end,
      })),
    });
    at = Math.max(at, end);
  }
  plain(at, text.length);
  return blocks;
}

/** A source as the AI SDK's messages hold one. */
interface AiSource {
  type: "source";
  sourceType: "document";
  id: string;
  mediaType: string;
  title: string;
  filename: string;
  providerMetadata: { lorag: { marker: number; quote: string; start: number; end: number } };
}

const aiSources = (citations: readonly Citation[], hits: readonly Hit[]): AiSource[] =>
  citations.map((citation, index) => ({
    type: "source",
    sourceType: "document",
    id: `${citation.chunkId}-${index}`,
    mediaType: "text/plain",
    title: citation.title || nameOf(citation),
    filename: nameOf(citation),
    providerMetadata: {
      lorag: {
        marker: citation.marker,
        quote: quoteOf(citation, hits),
        start: citation.start,
        end: citation.end,
      },
    },
  }));

const quoteOf = ({ quote, chunkId }: Citation, hits: readonly Hit[]): string =>
  quote || (hits.find(({ chunk }) => chunk.id === chunkId)?.chunk.text ?? "");

const nameOf = ({ documentId, title }: Citation): string =>
  isUploaded(documentId) ? fileOf(documentId).filename : title || documentId;

const uploaded = /^(file-[0-9a-f]+)\/(.+)$/;
const isUploaded = (documentId: string): boolean => uploaded.test(documentId);

/** What a document is called where clients ask for it: an uploaded one has the id of its file. */
export function fileOf(documentId: string): { file_id: string; filename: string } {
  const [, id, name] = uploaded.exec(documentId) ?? [];
  return { file_id: id ?? documentId, filename: name ?? documentId };
}
