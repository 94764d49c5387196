"""One side of `npm run bench -- ingest-speed`: Markdown pages to a searchable index with sentence-transformers and LanceDB.
Reads a job as JSON from stdin:

  {"model": folder, "documents": folder, "files": [...], "index": folder, "threads": n}

Prints {"seconds": s, "chunks": n} as JSON. Loading the libraries and the model counts, as it does on the other side.
"""

import json
import os
import sys
import time

began = time.perf_counter()
job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = str(job["threads"])
import lancedb  # noqa: E402  after the number of threads is set
import torch  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

torch.set_num_threads(job["threads"])
model = SentenceTransformer(job["model"], device="cpu")
model.max_seq_length = 256
size = 128


def chunks(text):
    """Stretches of at most `size` tokens, cut between paragraphs, else between words."""
    part, length = [], 0
    for paragraph in text.split("\n\n"):
        words = paragraph.split()
        tokens = len(model.tokenizer.tokenize(paragraph))
        pieces = [paragraph] if tokens <= size else [" ".join(words[i : i + 64]) for i in range(0, len(words), 64)]
        for piece in pieces:
            count = len(model.tokenizer.tokenize(piece))
            if part and length + count > size:
                yield "\n\n".join(part)
                part, length = [], 0
            part.append(piece)
            length += count
    if part:
        yield "\n\n".join(part)


rows = []
for name in job["files"]:
    with open(os.path.join(job["documents"], name), encoding="utf-8") as file:
        rows += [{"document": name, "text": text} for text in chunks(file.read()) if text.strip()]
vectors = model.encode([row["text"] for row in rows], batch_size=32, normalize_embeddings=True)
for row, vector in zip(rows, vectors):
    row["vector"] = vector
table = lancedb.connect(job["index"]).create_table("chunks", rows)
table.create_fts_index("text")
if len(rows) > 20_000:
    table.create_index(metric="dot", index_type="IVF_HNSW_SQ")
print(json.dumps({"seconds": time.perf_counter() - began, "chunks": len(rows)}))
