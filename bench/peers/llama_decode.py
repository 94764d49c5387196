"""llama.cpp (llama-cpp-python's C API) as a peer for the decode and prefill benches.

usage: llama_decode.py MODEL.gguf [MODEL.gguf ...]
       llama_decode.py --quantize SOURCE.gguf TARGET.gguf [Q8_0|Q4_1]

Reads one JSON request a line and answers each with one JSON line, so that a bench can interleave it with its own runs:
  {"job": "decode", "model": 0, "sequences": 8, "threads": 2, "context": 384, "steps": 16} -> {"tokens_per_second": ...}
    "flash": false turns flash attention off; by default llama.cpp chooses
  {"job": "prefill", "model": 0, "threads": 2, "tokens": 512}                              -> {"tokens_per_second": ...}
A decode step carries one token of every sequence and asks for the logits of all of them. Rates are those of the
fastest step (decode) and the fastest of three runs (prefill); `median_tokens_per_second` stands beside them.
"""
import ctypes
import json
import statistics
import sys
import time

import llama_cpp as llama

FILE_TYPES = {"Q4_1": llama.LLAMA_FTYPE_MOSTLY_Q4_1, "Q8_0": llama.LLAMA_FTYPE_MOSTLY_Q8_0}


@llama.llama_log_callback
def silent(level, text, data):
    pass


def quantize(source, target, kind):
    params = llama.llama_model_quantize_default_params()
    params.ftype = FILE_TYPES[kind]
    params.allow_requantize = True
    code = llama.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(params))
    if code != 0:
        raise SystemExit(f"llama_model_quantize failed with code {code}")


class Peer:
    def __init__(self, path):
        params = llama.llama_model_default_params()
        self.model = llama.llama_model_load_from_file(path.encode(), params)
        if not self.model:
            raise SystemExit(f"cannot load {path}")
        self.contexts = {}

    def context(self, sequences, length, flash=True):
        key = (sequences, length, flash)
        if key not in self.contexts:
            params = llama.llama_context_default_params()
            params.n_ctx = sequences * length
            params.n_batch = params.n_ubatch = max(512, sequences)
            params.n_seq_max = sequences
            if not flash:
                params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
            self.contexts[key] = llama.llama_init_from_model(self.model, params)
            if not self.contexts[key]:
                raise SystemExit(f"cannot make a context of {sequences} x {length}")
        return self.contexts[key]

    def prefill(self, context, tokens):
        batch = llama.llama_batch_init(tokens, 0, 1)
        batch.n_tokens = tokens
        for i in range(tokens):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = 100 + i, i, 1
            batch.seq_id[i][0], batch.logits[i] = 0, i == tokens - 1
        start = time.perf_counter()
        if llama.llama_decode(context, batch) != 0:
            raise SystemExit("llama_decode failed in prefill")
        seconds = time.perf_counter() - start
        llama.llama_batch_free(batch)
        return seconds

    def time_prefill(self, threads, tokens):
        context = self.context(1, 2 * tokens)
        llama.llama_set_n_threads(context, threads, threads)
        memory = llama.llama_get_memory(context)
        times = []
        for _ in range(3):
            llama.llama_memory_clear(memory, True)
            times.append(self.prefill(context, tokens))
        return rate(tokens, times)

    def time_decode(self, sequences, threads, length, steps, flash):
        context = self.context(sequences, length + 128, flash)
        llama.llama_set_n_threads(context, threads, threads)
        memory = llama.llama_get_memory(context)
        if llama.llama_memory_seq_pos_max(memory, sequences - 1) < length - 1:
            self.prefill(context, length)
            for other in range(1, sequences):
                llama.llama_memory_seq_cp(memory, 0, other, -1, -1)
        batch = llama.llama_batch_init(sequences, 0, 1)
        batch.n_tokens = sequences
        times = []
        for step in range(steps):
            for i in range(sequences):
                batch.token[i], batch.pos[i], batch.n_seq_id[i] = 500 + 7 * i + step, length + step, 1
                batch.seq_id[i][0], batch.logits[i] = i, 1
            start = time.perf_counter()
            if llama.llama_decode(context, batch) != 0:
                raise SystemExit("llama_decode failed in decode")
            for i in range(sequences):
                llama.llama_get_logits_ith(context, i)
            times.append(time.perf_counter() - start)
        for i in range(sequences):
            llama.llama_memory_seq_rm(memory, i, length, -1)
        llama.llama_batch_free(batch)
        return rate(sequences, times)


def rate(tokens, times):
    return {
        "tokens_per_second": tokens / min(times),
        "median_tokens_per_second": tokens / statistics.median(times),
    }


def main():
    llama.llama_log_set(silent, None)
    if sys.argv[1] == "--quantize":
        quantize(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else "Q8_0")
        return
    llama.llama_backend_init()
    peers = [Peer(path) for path in sys.argv[1:]]
    for line in sys.stdin:
        request = json.loads(line)
        peer = peers[request.get("model", 0)]
        if request["job"] == "prefill":
            answer = peer.time_prefill(request["threads"], request["tokens"])
        else:
            answer = peer.time_decode(
                request["sequences"],
                request["threads"],
                request["context"],
                request.get("steps", 16),
                request.get("flash", True),
            )
        print(json.dumps(answer), flush=True)


main()
