import type { AnswerRecord, ArmResult, Citation, Example } from "../../contracts/index.ts";
import { estimateShare } from "../statistics/wilson.ts";

export type GradedCitation = AnswerRecord["citations"][number];

/** A citation is correct if its passage bears the answer out and its document is a gold one (where those are known). */
export function gradeCitation(citation: Citation, question: Example): GradedCitation {
  const rightDocument = question.documents?.includes(citation.documentId) ?? null;
  return { ...citation, rightDocument, correct: citation.verdict === "supported" && rightDocument !== false };
}

export function measureCitations(answers: readonly GradedCitation[][]): ArmResult["citations"] {
  const all = answers.flat();
  const known = all.filter((citation) => citation.rightDocument !== null);
  return {
    cited: answers.filter((citations) => citations.length > 0).length,
    total: all.length,
    supported: estimateShare(all.map((citation) => citation.verdict === "supported")),
    rightDocument: estimateShare(known.map((citation) => citation.rightDocument === true)),
    correct: estimateShare(all.map((citation) => citation.correct)),
  };
}
