"""Records evaluation.json: figures of rouge-score, scipy, numpy and scikit-learn that src/evaluation is held to.

Run with the peers' Python: ${LORAG_PEERS:-~/.cache/lorag-peers}/bin/python test/golden/evaluation.py
"""

import csv
import json
import pathlib
import random

import numpy
from rouge_score import rouge_scorer
from scipy import stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

here = pathlib.Path(__file__).parent
data = here.parent.parent.parent / "shared" / "data"
draw = random.Random(20240229)

words = "The a ferry FERRY's leaves; at 9:30, from pier-4 (north) 6.20 florins $5 U.S. don't e.g. snow_line 1,200 kg #7".split()


def sentence(length):
    return " ".join(draw.choice(words) for _ in range(length))


scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
rouge = []
for _ in range(80):
    answer, gold = sentence(draw.randint(0, 18)), sentence(draw.randint(1, 12))
    rouge.append([answer, gold, scorer.score(gold, answer)["rougeL"].fmeasure])

mcnemar = []
for wins, losses in [(0, 0), (1, 0), (3, 3), (8, 1), (1, 8), (12, 5), (40, 22), (700, 610), (1500, 1490)]:
    p = stats.binomtest(min(wins, losses), wins + losses).pvalue if wins + losses else 1.0
    mcnemar.append([wins, losses, p])

wilson = []
for successes, n in [(0, 5), (5, 5), (1, 12), (37, 80), (96, 96), (500, 1000)]:
    interval = stats.binomtest(successes, n).proportion_ci(0.95, "wilson")
    wilson.append([successes, n, interval.low, interval.high])

sample = [draw.gauss(0, 3) for _ in range(41)]
quantiles = [[q, float(numpy.quantile(sample, q))] for q in (0, 0.025, 0.25, 0.5, 0.95, 0.975, 1)]

# A graded metric on the same questions: what a paired t-test says of differences that are close to normal.
paired = []
for shift in (0.0, 0.15, 0.3, 0.5):
    differences = [round(draw.gauss(shift, 1), 6) for _ in range(120)]
    paired.append([differences, float(stats.ttest_1samp(differences, 0).pvalue)])

labels = ["red", "green", "blue"]
gold = [draw.choice(labels) for _ in range(60)]
said = [label if draw.random() < 0.7 else draw.choice(labels + ["mauve"]) for label in gold]
macro = f1_score(gold, said, labels=labels, average="macro", zero_division=0)

with open(data / "banking77" / "train.csv", newline="") as file:
    rows = list(csv.DictReader(file))
# Every fourth row is a test row, every second one of the others a training row.
test = rows[::4]
train = [row for index, row in enumerate(rows) if index % 4 in (1, 3)][::2]
vectoriser = TfidfVectorizer()
features = vectoriser.fit_transform([row["text"] for row in train])
model = LogisticRegression(max_iter=1000).fit(features, [row["category"] for row in train])
predicted = model.predict(vectoriser.transform([row["text"] for row in test]))
accuracy = float(numpy.mean([a == row["category"] for a, row in zip(predicted, test)]))

result = {
    "rouge": rouge,
    "mcnemar": mcnemar,
    "wilson": wilson,
    "quantile": {"sample": sample, "quantiles": quantiles},
    "paired": paired,
    "macro": {"gold": gold, "said": said, "macroF1": float(macro)},
    "banking77": {"train": len(train), "test": len(test), "features": int(features.shape[1]), "accuracy": accuracy},
}
(here / "evaluation.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
print({name: result["banking77"][name] for name in result["banking77"]}, [p for _, p in paired], macro)
