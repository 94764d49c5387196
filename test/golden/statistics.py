"""Records statistics.json: p values and quantiles of scipy that src/evaluation/statistics is held to.

Run with the peers' Python: ${LORAG_PEERS:-~/.cache/lorag-peers}/bin/python test/golden/statistics.py
"""

import json
import pathlib
import random

import numpy
from scipy import stats

draw = random.Random(20260314)

student = []
for df in (1, 2, 3.7, 5, 12, 29.5, 160):
    for t in (0.0, 0.3, 1.0, 1.96, 2.8, 7.5):
        student.append([t, df, float(2 * stats.t.sf(t, df))])
quantiles = [[df, float(stats.t.ppf(0.975, df))] for df in (1, 2, 3.7, 5, 12, 29.5, 160, 5000)]

# Differences of one sample against 0: scipy flips the sign of each, and counts every way to do so.
sign_flip = []
samples = [[0.3, 0.35, 0.4], [0.5, -0.25, 0.5, 0.75, 0.25], [0, 0, 0.5, -0.5, 0.5], [1, 1, -1, 1, 1, 1, 1, 1]]
for size in (6, 9, 11):
    samples.append([round(draw.gauss(0.25, 0.4), 3) for _ in range(size)])
for sample in samples:
    # A second, mirrored column makes a paired test out of sign flips.
    result = stats.permutation_test(
        (numpy.array(sample), -numpy.array(sample)),
        lambda a, b, axis: numpy.mean(a - b, axis=axis),
        permutation_type="samples",
        n_resamples=numpy.inf,
        vectorized=True,
    )
    sign_flip.append([sample, float(result.pvalue)])


def holm(p):
    """Holm's procedure as its paper words it: reject the smallest p while it is at most alpha / (tests left)."""
    grid = numpy.linspace(0, 1, 100_001)
    order = sorted(range(len(p)), key=lambda index: p[index])
    adjusted = [1.0] * len(p)
    for alpha in grid[::-1]:
        for rank, index in enumerate(order):
            if p[index] > alpha / (len(p) - rank):
                break
            adjusted[index] = float(alpha)
    return adjusted


families = [[draw.random() ** 3 for _ in range(size)] for size in (1, 2, 4, 11)]

here = pathlib.Path(__file__).parent
result = {
    "student": student,
    "quantiles": quantiles,
    "signFlip": sign_flip,
    "holm": [[family, holm(family)] for family in families],
}
(here / "statistics.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(sign_flip)
