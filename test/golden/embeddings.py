"""Records embeddings.json: texts and their vectors by sentence-transformers in f32.
usage: python test/golden/embeddings.py MINILM_FOLDER"""

import base64, json, pathlib, sys
from sentence_transformers import SentenceTransformer

harbour = ("The harbour office opens at seven and closes when the last ferry has been unloaded; lorries that arrive "
           "later are weighed the next morning, and their drivers may sleep in the waiting room behind the scales. ")
texts = [
    "Which documents must a lorry driver show before boarding?",
    "Dogs travel free of charge if they stay in the vehicle or in a closed basket.",
    harbour,
    harbour * 12,  # beyond the limit of 256 tokens
    "Le bac de sept heures ne circule pas les jours fériés ; un bateau plus petit le remplace jusqu'à midi.",
    "Die Fähre fährt bei Windstärke neun nicht mehr aus, auch wenn der Hafen noch offen ist.",
    "El billete de vuelta vale treinta días y se puede cambiar una vez sin recargo.",
    "Паром отходит от второго причала; посадка заканчивается за десять минут до отправления.",
    "Abiria wanaombwa kufika bandarini nusu saa kabla ya chombo kuondoka.",
    "渡轮每天早上七点从二号码头出发,车辆须提前三十分钟到达。",
    "يجب على السائقين إبراز التذكرة ورخصة القيادة قبل الصعود إلى العبّارة.",
    "def fare(weight_kg: float) -> float:\n    return 12.5 + max(0, weight_kg - 3500) * 0.004  # euros",
    "| Route | Departs | Fare |\n|---|---|---|\n| North | 07:10 | €14.50 |\n| South | 09:40 | €11.00 |",
]
model = SentenceTransformer(sys.argv[1], device="cpu")
model.max_seq_length = 256
vectors = model.encode(texts, normalize_embeddings=True)
golden = [{"text": text, "vector": base64.b64encode(vector.astype("<f4").tobytes()).decode()} for text, vector in zip(texts, vectors)]
(pathlib.Path(__file__).parent / "embeddings.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
