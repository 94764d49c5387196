"""Embeds texts by sentence-transformers on torch CPU in float32, as the reference for dense retrieval.

Reads {"model": folder, "texts": [...], "max_tokens": n} as JSON from stdin and writes the unit vectors to stdout,
little-endian float32, one after the other.
"""

import json
import sys

import torch
from sentence_transformers import SentenceTransformer

job = json.load(sys.stdin)
model = SentenceTransformer(job["model"], device="cpu", model_kwargs={"dtype": torch.float32})
model.max_seq_length = job["max_tokens"]
vectors = model.encode(job["texts"], batch_size=32, normalize_embeddings=True, show_progress_bar=False)
sys.stdout.buffer.write(vectors.astype("<f4").tobytes())
