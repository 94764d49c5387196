/**
 * Messages put keys of lorag.yaml and commands between backticks. Of what stands so, only plain keys and commands count
 * as code: they can act as no markup anywhere.
 */
export function splitCode(text: string): { text: string; isCode: boolean }[] {
  const pieces = text.split(/(?<!`)`(\w(?:[\w .,:/=[\]-]*[\w\]])?)`(?!`)/u);
  return pieces.map((piece, index) => ({ text: piece, isCode: index % 2 === 1 }));
}
