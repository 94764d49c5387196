"""One side of `npm run bench -- embed`: sentence-transformers on torch CPU. Reads a job as JSON from stdin:

  {"model": folder, "texts": [...], "dtype": "float32" | "bfloat16", "threads": n, "passes": n}

Prints {"seconds": [per pass], "vectors": base64 of f32 rows} as JSON.
"""

import base64
import json
import os
import sys
import time

job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = str(job["threads"])
import torch  # noqa: E402  after the number of threads is set
from sentence_transformers import SentenceTransformer  # noqa: E402

torch.set_num_threads(job["threads"])
model = SentenceTransformer(job["model"], device="cpu", model_kwargs={"dtype": getattr(torch, job["dtype"])})
model.max_seq_length = 128


def encode():
    return model.encode(job["texts"], batch_size=32, normalize_embeddings=True, convert_to_tensor=True)


vectors = encode()
seconds = []
for _ in range(job["passes"]):
    began = time.perf_counter()
    encode()
    seconds.append(time.perf_counter() - began)
rows = vectors.float().contiguous().numpy().astype("<f4")
print(json.dumps({"seconds": seconds, "vectors": base64.b64encode(rows.tobytes()).decode()}))
