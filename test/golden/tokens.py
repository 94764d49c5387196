"""Records tokens.json: for each tokenizer, one SHA-256 per block of 100 of the strings that golden-strings.ts draws
too.  usage: python test/golden/tokens.py MINILM_FOLDER SMOLLM_GGUF [IDS_JSON]   (run in the repository, beside ../shared)"""

import hashlib, json, pathlib, sys
from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

here = pathlib.Path(__file__).parent
data = here.parent.parent / ".." / "shared" / "data"
minilm, gguf = sys.argv[1:3]


def lines(name, count):
    found = [line for line in (data / name).read_text("utf-8").split("\n") if line.strip(" \t\r")]
    return found[:count]


def passages(name):
    articles = json.loads((data / name).read_text("utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    return [p["context"] for p in paragraphs] + [q["question"] for p in paragraphs for q in p["qas"]]


def invented(count):
    pieces = json.loads((here / "text-pieces.json").read_text("utf-8"))
    state = 1

    def draw(limit):
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return (state >> 8) % limit

    return ["".join(pieces[draw(len(pieces))] for _ in range(1 + draw(30))) for _ in range(count)]


def strings():
    drawn = [line for language in ("src.eng", "ref.fra", "ref.swa") for line in lines(f"ntrex128/newstest2019-{language}.txt", 1400)]
    drawn += passages("xquad/xquad.es.json") + passages("xquad/xquad.ru.json")
    drawn += lines("ingest_docs/unstructured__UDHR_first_article_all.txt", 2000)
    drawn += lines("ingest_docs/markitdown__test_wikipedia.html", 600)
    return drawn + invented(10_000 - len(drawn))


def blocks(ids):
    rows = ["\n".join(" ".join(map(str, row)) for row in ids[i : i + 100]) for i in range(0, len(ids), 100)]
    return [hashlib.sha256(row.encode()).hexdigest()[:16] for row in rows]


def smollm():
    fields = {key: field.contents() for key, field in GGUFReader(gguf).fields.items() if key.startswith("tokenizer.ggml")}
    tokens = fields["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ", 1)) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = [token for token, kind in zip(tokens, fields["tokenizer.ggml.token_type"]) if kind == 3]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


bert = Tokenizer.from_file(f"{minilm}/tokenizer.json")
bert.no_truncation()
bert.no_padding()
texts = strings()
rows = {"bpe": [e.ids for e in smollm().encode_batch(texts)], "wordPiece": [e.ids for e in bert.encode_batch(texts)]}
golden = {"strings": hashlib.sha256("\n".join(texts).encode()).hexdigest(), **{name: blocks(ids) for name, ids in rows.items()}}
(here / "tokens.json").write_text(json.dumps(golden, indent=1) + "\n")
if len(sys.argv) > 3:  # the ids themselves, to find a difference
    json.dump({"texts": texts, **rows}, open(sys.argv[3], "w"))
