"""Odd-one-out choices from ratings in NumPy: cosine matrix, three gathers per triplet, argmax;
exact ties are found and broken at random, as the package does.

judge_ratings.py FILE N_STIMULI N_SCALES; FILE holds uint32 triplets. Prints the best of three runs, in seconds.
"""
import json
import sys
import time

import numpy as np

triplets = np.fromfile(sys.argv[1], np.uint32).reshape(-1, 3)
n_stimuli, n_scales = int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(0)
ratings = rng.random((n_stimuli, n_scales)) * (rng.random((n_stimuli, n_scales)) > 0.74)


def judge():
    norms = np.linalg.norm(ratings, axis=1, keepdims=True)
    unit = ratings / np.where(norms > 0, norms, 1)
    similarity = unit @ unit.T
    i, j, k = triplets.T.astype(np.intp)
    kept = np.stack([similarity[j, k], similarity[i, k], similarity[i, j]])
    choice = kept.argmax(0).astype(np.uint8)
    is_top = kept == kept.max(0)
    for trial in np.flatnonzero(is_top.sum(0) > 1):
        choice[trial] = rng.choice(np.flatnonzero(is_top[:, trial]))
    return choice


def timed():
    start = time.perf_counter()
    judge()
    return time.perf_counter() - start


print(json.dumps({"seconds": min(timed() for _ in range(3)), "numpy": np.__version__}))
