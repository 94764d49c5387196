/** What an address may say behind `?`: every part of it is optional, and what is no such thing is left out. */
export interface Search {
  /** Of a document. */
  name?: string;
  /** An offset in the document's text. */
  at?: number;
  /** Of a question. */
  id?: string;
  /** Of a run; the last comparison by default. */
  run?: string;
  /** Of the run that another is compared with. */
  before?: string;
  type?: string;
  outcome?: string;
  text?: string;
  /** An entity of the graph. */
  around?: string;
  /** A question whose answer is traced through the graph. */
  asked?: string;
  /** Of that answer: ids, parted by commas. */
  passages?: string;
}

const texts = [
  "name",
  "id",
  "run",
  "before",
  "type",
  "outcome",
  "text",
  "around",
  "asked",
  "passages",
] as const;

export function readSearch(given: Record<string, unknown>): Search {
  const found = texts.flatMap((key) => (typeof given[key] === "string" ? [[key, given[key]]] : []));
  const at = String(given["at"]);
  return { ...(Object.fromEntries(found) as Search), ...(/^\d{1,15}$/.test(at) && { at: Number(at) }) };
}
