/**
 * The parts of a `tokenizer.json` for a SentencePiece BPE vocabulary with scores, as GGUF files of Llama 2, Mistral, Phi 3
 * and Gemma carry it: of two neighbours those merge first whose joint piece has the highest score (google/sentencepiece,
 * bpe_model.cc). Characters without a piece become bytes.
 */
export function sentencePieceSteps(
  pieces: readonly string[],
  scores: readonly number[],
  options: { unknown: string | undefined; spaceFirst: boolean },
): object {
  const space = "\u2581";
  const replace = { type: "Replace", pattern: { String: " " }, content: space };
  const back = [
    { type: "Replace", pattern: { String: space }, content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
  ];
  return {
    normalizer: options.spaceFirst
      ? { type: "Sequence", normalizers: [{ type: "Prepend", prepend: space }, replace] }
      : replace,
    decoder: {
      type: "Sequence",
      decoders: options.spaceFirst ? [...back, { type: "Strip", content: " ", start: 1, stop: 0 }] : back,
    },
    model: {
      type: "BPE",
      byte_fallback: true,
      fuse_unk: true,
      ...(options.unknown !== undefined && { unk_token: options.unknown }),
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: mergesOf(pieces, scores),
    },
  };
}

/** Every way to make a piece of two others, best pieces first. */
function mergesOf(pieces: readonly string[], scores: readonly number[]): [string, string][] {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const ways = pieces.flatMap((piece, id) => {
    const found: { pair: [string, string]; score: number; order: number }[] = [];
    for (let cut = 1; cut < piece.length; cut++) {
      const [left, right] = [piece.slice(0, cut), piece.slice(cut)];
      if (ids.has(left) && ids.has(right)) found.push({ pair: [left, right], score: scores[id]!, order: id });
    }
    return found;
  });
  ways.sort((a, b) => b.score - a.score || a.order - b.order);
  return ways.map(({ pair }) => pair);
}
