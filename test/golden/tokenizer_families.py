"""Records tokenizer_families.json: small tokenizers as the model families have them, and what Python's tokenizers makes of texts.

usage: $LORAG_PEERS/bin/python test/golden/tokenizer_families.py   (in the repository)

Each is trained here on invented texts, so that it is small; its steps are those of the family's tokenizer.json.
"""

import json
from pathlib import Path

here = Path(__file__).parent

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
words = contractions + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
texts = [
    "The first ferry leaves at 7:05, and we'll be there; THEY'LL come at 12345.",
    "Le bac de sept heures ne circule pas les jours fériés : c'est l'été.\n\n  Deux espaces.",
    "Паром отходит от второго причала в 19:40.",
    "渡轮每天早上七点从二号码头出发。",
    "def fare(kg: float) -> float:\r\n\treturn 12.5 + max(0, kg - 3500) * 0.004  # euros",
    "Ångström cafe\u0301 ﬁne ① ½ １２３ 🚢👩‍🚀 a\u200bb",
    "don't  stop   believin'\t\t!?!?...",
    "",
    " leading and trailing ",
    "<turn>user<end> says <turn>",
    "العبّارة تغادر عند الساعة السابعة",
]
corpus = [text for text in texts for _ in range(3)] + [f"boat {n} of {n * 37} leaves pier {n % 7}" for n in range(200)]
special = ["<unk>", "<turn>", "<end>"]


def byte_level(pattern, normalizer=None, ignore_merges=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=420, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def sentence_piece(normalizer, decoder):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizer
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=520, special_tokens=special + bytes_, show_progress=False)
    tokenizer.train_from_iterator([text for text in corpus if text.isascii()], trainer)
    tokenizer.decoder = decoder
    saved = json.loads(tokenizer.to_str())
    # In the trainer's eyes bytes are special; in the families' files they are plain entries.
    saved["added_tokens"] = [token for token in saved["added_tokens"] if token["content"] in special]
    return Tokenizer.from_str(json.dumps(saved))


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.train_from_iterator(corpus, trainers.UnigramTrainer(
        vocab_size=400, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def metaspace_decoder():
    return decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])


def llama2_decoder():
    return decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])


families = {
    "Llama 3, SmolLM 3": byte_level(words % "{1,3}", ignore_merges=True),
    "Qwen": byte_level(words % "", normalizers.NFC()),
    "Llama 2, Mistral, Phi 3": sentence_piece(
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), llama2_decoder()),
    "Gemma": sentence_piece(normalizers.Replace(" ", "▁"), metaspace_decoder()),
    "XLM-RoBERTa": unigram(),
}
recorded = {}
for name, tokenizer in families.items():
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    recorded[name] = {
        "tokenizer": json.loads(tokenizer.to_str()),
        "ids": ids,
        "special": tokenizer.encode(texts[0]).ids,
        "decoded": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
    }
(here / "tokenizer_families.json").write_text(json.dumps({"texts": texts, "families": recorded}, ensure_ascii=False) + "\n")
print({name: len(one["tokenizer"]["model"]["vocab"]) for name, one in recorded.items()})
