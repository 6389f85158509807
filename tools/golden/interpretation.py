#!/usr/bin/env python3
"""Golden numbers for what is done with a fitted embedding, from SciPy and scikit-learn.

    python3 tools/golden/interpretation.py > test/golden/interpretation.json

Inputs are part of the file, so that the tests need no Python. Written with NumPy 1.24, SciPy 1.10, scikit-learn 1.2.
"""
import json

import numpy as np
from scipy import special, stats
from sklearn.model_selection import LeaveOneOut
from sklearn.neighbors import NearestCentroid

rng = np.random.default_rng(20260101)
n_stimuli, n_components, n_trials, n_scales, n_runs, n_categories = 40, 5, 300, 4, 4, 6


def rounded(values, digits=3):
    return np.round(values, digits)


labels = rng.integers(0, n_categories, n_stimuli)
centres = rng.uniform(0, 1.5, (n_categories, n_components))
weights = rounded(np.maximum(0, centres[labels] + rng.normal(0, 0.8, (n_stimuli, n_components))))
ratings = rounded(weights[:, :n_scales] * [1, -1, 0.5, 0.2] + rng.normal(0, 0.4, (n_stimuli, n_scales)))


def answered(triplet):
    """Moves the odd one out to the end; the pair to keep is drawn with SPoSE's probabilities."""
    i, j, k = triplet
    p = special.softmax([weights[i] @ weights[j], weights[i] @ weights[k], weights[j] @ weights[k]])
    return [(i, j, k), (i, k, j), (j, k, i)][rng.choice(3, p=p)]


odd_last = np.array([answered(rng.choice(n_stimuli, 3, replace=False)) for _ in range(n_trials)])

# Predicted choices.
i, j, odd = weights[odd_last].transpose(1, 0, 2)
similarity = np.stack([(i * j).sum(1), (i * odd).sum(1), (j * odd).sum(1)], 1)
log_p = special.log_softmax(similarity, axis=1)
n_correct = int((similarity.argmax(1) == 0).sum())
wilson = stats.binomtest(n_correct, n_trials).proportion_ci(method="wilson")
standard_error = stats.sem(log_p[:, 0])

# Accuracy with the k largest weights of each stimulus.
by_rank = []
for k in range(1, n_components + 1):
    kept = np.where(stats.rankdata(-weights, method="ordinal", axis=1) <= k, weights, 0)
    a, b, c = kept[odd_last].transpose(1, 0, 2)
    s = np.stack([(a * b).sum(1), (a * c).sum(1), (b * c).sum(1)], 1)
    by_rank.append(float(((s[:, 0] > s[:, 1]) & (s[:, 0] > s[:, 2])).mean()))

# Reproducibility: t intervals on Fisher z over the other runs.
runs = [weights] + [
    rounded(np.maximum(0, weights[:, rng.permutation(n_components)] + rng.normal(0, 0.2, weights.shape)))
    for _ in range(n_runs - 1)
]
highest = np.array(
    [[max(stats.pearsonr(weights[:, c], run[:, d])[0] for d in range(n_components)) for run in runs[1:]] for c in range(n_components)]
)
z = np.arctanh(highest)
low, high = stats.t.interval(0.95, n_runs - 2, loc=z.mean(1), scale=stats.sem(z, axis=1))

# Leave-one-out nearest centroid.
top1 = 0
top3 = 0
for train, test in LeaveOneOut().split(weights):
    model = NearestCentroid().fit(weights[train], labels[train])
    top1 += int(model.predict(weights[test])[0] == labels[test][0])
    distance = np.linalg.norm(model.centroids_ - weights[test], axis=1)
    top3 += int(labels[test][0] in model.classes_[np.argsort(distance)[:3]])

print(
    json.dumps(
        {
            "nStimuli": n_stimuli,
            "nComponents": n_components,
            "nScales": n_scales,
            "weights": weights.ravel().tolist(),
            "ratings": ratings.ravel().tolist(),
            "labels": labels.tolist(),
            "oddLast": odd_last.ravel().tolist(),
            "runs": [run.ravel().tolist() for run in runs],
            "probabilities": np.exp(log_p[:5]).ravel().tolist(),
            "accuracy": {"value": n_correct / n_trials, "low": wilson.low, "high": wilson.high},
            "logLikelihood": {
                "value": float(log_p[:, 0].mean()),
                "low": float(log_p[:, 0].mean() - stats.norm.ppf(0.975) * standard_error),
                "high": float(log_p[:, 0].mean() + stats.norm.ppf(0.975) * standard_error),
            },
            "accuracyByRank": by_rank,
            "reproducibility": {
                "value": np.tanh(z.mean(1)).tolist(),
                "low": np.tanh(low).tolist(),
                "high": np.tanh(high).tolist(),
                "overall": float(np.tanh(z.mean())),
            },
            "correlations": [
                stats.pearsonr(weights[:, c], ratings[:, s])[0] for c in range(n_components) for s in range(n_scales)
            ],
            "nearestCentroid": {"top1": top1, "top3": top3},
        }
    )
)
