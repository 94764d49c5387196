"""Records translation.json: corpus BLEU (13a, exponential smoothing) and chrF2++ of sacrebleu on made-up translations.

usage: $LORAG_PEERS/bin/python test/golden/translation.py
"""

import json
from pathlib import Path

import sacrebleu

CASES = {
    "one sentence, nearly right": (
        ["Der Möwenpass kostet 145 Gulden im Winter."],
        ["Der Möwenpass kostet im Winter 145 Gulden."],
    ),
    "several, with figures, quotes and entities": (
        [
            "Hunde zahlen 4 Gulden, an der Leine (höchstens 1.5 Meter).",
            "The night-boat leaves at 22:40 &amp; arrives at 05:00.",
            "\"Nobody\" rides free, 1,940 florins -- or 12%?",
            "It's the purser's key.",
        ],
        [
            "Hunde zahlen 4 Gulden und bleiben an einer Leine von höchstens 1,5 Metern.",
            "The night boat leaves at 22:40 & arrives at 05:00.",
            "Nobody rides free: 1,940 florins or 12 %.",
            "It is the purser's key.",
        ],
    ),
    "short ones": (["a", "the quay", "x y"], ["a", "a quay", "y x"]),
    "nothing in common": (["abc def"], ["uvw xyz uvw"]),
    "empty answer beside a right one": (["", "The lamp is green."], ["The lamp is red.", "The lamp is green."]),
    "longer than the reference": (
        ["the ferry the ferry the ferry leaves at noon at noon"],
        ["the ferry leaves at noon"],
    ),
    "other scripts": (["Паром уходит в полдень.", "犬は無料です。"], ["Паром отходит в полдень.", "犬は無料です。"]),
}
recorded = [
    {
        "name": name,
        "answers": answers,
        "references": references,
        "bleu": sacrebleu.corpus_bleu(answers, [references]).score,
        "chrf": sacrebleu.corpus_chrf(answers, [references], word_order=2).score,
    }
    for name, (answers, references) in CASES.items()
]
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded, ensure_ascii=False) + "\n")
print({one["name"]: (round(one["bleu"], 3), round(one["chrf"], 3)) for one in recorded})
