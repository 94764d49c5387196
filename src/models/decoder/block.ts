import { add, type Tensor } from "../../engine/index.ts";

/** The norms of a block, by the names of their compiled weights. */
export type NormName = "attentionNorm" | "afterAttentionNorm" | "feedForwardNorm" | "afterFeedForwardNorm";

/**
 * What a block of a decoder is written in: the graphs of training and of generation each have their own, because what is
 * fast with many rows is slow with few.
 */
export interface BlockParts {
  norm(x: Tensor, name: NormName): Tensor;
  /** Normalised x to what the heads found, side by side: queries, keys and values, positions, softmax. */
  attend(x: Tensor): Tensor;
  /** Normalised x to the activated inner layer. */
  feedForward(x: Tensor): Tensor;
  /** The way back to the width of the residual stream, added to what is given. */
  project(x: Tensor, group: "attentionOut" | "feedForwardOut", residual?: Tensor): Tensor;
}

/** The residual stream after a block, from the one before it. */
export type Block = (parts: BlockParts, x: Tensor) => Tensor;

/** Norms before attention and feed-forward layer (https://arxiv.org/abs/2302.13971). */
export const preNormBlock: Block = ({ norm, attend, feedForward, project }, x) => {
  const attended = project(attend(norm(x, "attentionNorm")), "attentionOut", x);
  return project(feedForward(norm(attended, "feedForwardNorm")), "feedForwardOut", attended);
};

/** Norms before and after each (https://arxiv.org/abs/2503.19786). */
export const sandwichBlock: Block = ({ norm, attend, feedForward, project }, x) => {
  const mixed = project(attend(norm(x, "attentionNorm")), "attentionOut");
  const attended = add(x, norm(mixed, "afterAttentionNorm"));
  const inner = project(feedForward(norm(attended, "feedForwardNorm")), "feedForwardOut");
  return add(attended, norm(inner, "afterFeedForwardNorm"));
};
