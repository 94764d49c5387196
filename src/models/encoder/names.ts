/** A checkpoint's names for the parts of an encoder; those of a layer come after `<layer>.<n>.`. */
export interface EncoderNames {
  /** Before all names of the encoder in checkpoints of models around it. */
  prefix: string;
  layer: string;
  query: string;
  key: string;
  value: string;
  attentionOut: string;
  attentionNorm: string;
  feedForwardIn: string;
  feedForwardOut: string;
  feedForwardNorm: string;
  /** A classifier: a layer on the first token, what bends it, and the layer of the scores, by their whole names. */
  head: { dense: string; bend: "tanh" | "relu"; scores: string };
}

export const bertNames: EncoderNames = {
  prefix: "bert",
  layer: "encoder.layer",
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attentionOut: "attention.output.dense",
  attentionNorm: "attention.output.LayerNorm",
  feedForwardIn: "intermediate.dense",
  feedForwardOut: "output.dense",
  feedForwardNorm: "output.LayerNorm",
  head: { dense: "bert.pooler.dense", bend: "tanh", scores: "classifier" },
};

export const robertaNames: EncoderNames = {
  ...bertNames,
  prefix: "roberta",
  head: { dense: "classifier.dense", bend: "tanh", scores: "classifier.out_proj" },
};

export const distilBertNames: EncoderNames = {
  prefix: "distilbert",
  layer: "transformer.layer",
  query: "attention.q_lin",
  key: "attention.k_lin",
  value: "attention.v_lin",
  attentionOut: "attention.out_lin",
  attentionNorm: "sa_layer_norm",
  feedForwardIn: "ffn.lin1",
  feedForwardOut: "ffn.lin2",
  feedForwardNorm: "output_layer_norm",
  head: { dense: "pre_classifier", bend: "relu", scores: "classifier" },
};

export const mpnetNames: EncoderNames = {
  ...robertaNames,
  prefix: "mpnet",
  query: "attention.attn.q",
  key: "attention.attn.k",
  value: "attention.attn.v",
  attentionOut: "attention.attn.o",
  attentionNorm: "attention.LayerNorm",
};
