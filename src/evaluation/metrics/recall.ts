/** Share of the gold documents that are among the retrieved ones (recall@k of documents, k passages shown). */
export function documentRecall(retrieved: readonly string[], gold: readonly string[]): number {
  const found = new Set(retrieved);
  return gold.filter((documentId) => found.has(documentId)).length / gold.length;
}
