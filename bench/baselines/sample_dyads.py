"""The dyad design in NumPy: every dyad gets N random thirds, no triplet twice, random order.

sample_dyads.py FILE N_STIMULI THIRDS_PER_DYAD (FILE is not used). Prints the best of two runs, in seconds.
"""
import json
import sys
import time

import numpy as np

n_stimuli, thirds = int(sys.argv[2]), int(sys.argv[3])


def codes(dyads, third):
    """One integer per triplet, the same for every order of its stimuli."""
    i, j = dyads
    low, high = np.minimum(i, third), np.maximum(j, third)
    middle = i + j + third - low - high
    return (low * n_stimuli + middle) * n_stimuli + high


def draw(rng, dyads):
    """A third for each dyad, uniform over the stimuli that are not in it."""
    i, j = dyads
    third = rng.integers(0, n_stimuli - 2, len(i))
    third += third >= i
    third += third >= j
    return codes(dyads, third)


def sample(seed):
    rng = np.random.default_rng(seed)
    dyads = np.tile(np.stack(np.triu_indices(n_stimuli, 1)), thirds)
    drawn = draw(rng, dyads)
    while True:
        unique, first = np.unique(drawn, return_index=True)
        if len(unique) == len(drawn):
            break
        again = np.ones(len(drawn), bool)
        again[first] = False
        drawn[again] = draw(rng, dyads[:, again])
    rng.shuffle(drawn)
    pair, third = np.divmod(drawn, n_stimuli)
    return np.stack([*np.divmod(pair, n_stimuli), third], 1).astype(np.uint32)


def timed(seed):
    start = time.perf_counter()
    triplets = sample(seed)
    assert len(triplets) == thirds * n_stimuli * (n_stimuli - 1) // 2
    return time.perf_counter() - start


print(json.dumps({"seconds": min(timed(0), timed(1)), "numpy": np.__version__}))
