import { type Range } from "./ranges.ts";

const sentenceSegmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
/** `[15]`, `[2, 3]`, `[note 4]`, `[^5]`, `[a]`, any number of them; with `(`, the last is a link. */
const footnoteMarks = /(?:[ \t]{0,4}\[(?:\p{Ll}|\^?(?:\p{L}{1,4}\.? )?\d[\d, –-]{0,20})\](?!\())+/uy;

/** Sentences with the footnote marks that follow them: the segmenter ends one in `end.[15] Next` after the bracket. */
export function* splitSentences(text: string): Generator<Range> {
  let start = 0;
  for (const { index, segment } of sentenceSegmenter.segment(text)) {
    let end = index + segment.length;
    // A mark that begins a line is the label of an entry in a list of notes.
    if (text[end - 1] !== "\n") {
      footnoteMarks.lastIndex = text[end - 1] === "[" ? end - 1 : end;
      if (footnoteMarks.test(text)) end = footnoteMarks.lastIndex;
    }
    if (end <= start) continue;
    yield { start, end };
    start = end;
  }
}
