#!/usr/bin/env python3
"""Golden numbers for the captions judge: TF-IDF and its latent semantic vectors from scikit-learn and a dense SVD.

    python3 tools/golden/lsa.py > test/golden/lsa.json

The texts are part of the file, so that the tests need no Python. Written with NumPy 1.24, SciPy 1.10, scikit-learn 1.2.
"""
import json

import numpy as np
from scipy import linalg
from sklearn.feature_extraction.text import TfidfVectorizer

rng = np.random.default_rng(20260202)
topics = [
    "dog cat horse fur tail barks runs animal".split(),
    "rain cloud storm sky wind thunder wet grey".split(),
    "smile laugh happy joy grin party friends café".split(),
    "cry tears sad grief alone funeral dark grey".split(),
]
shared = "the a person seen outside slowly 2nd".split()
texts = []
for document in range(24):
    topic = topics[document % 4]
    words = list(rng.choice(topic, 5)) + list(rng.choice(shared, 3)) + list(rng.choice(sum(topics, []), 1))
    rng.shuffle(words)
    texts.append(" ".join(words).capitalize() + ".")

tfidf = TfidfVectorizer().fit_transform(texts).toarray()
left, singular, _ = linalg.svd(tfidf, full_matrices=False)


def cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


n_dimensions = 6
pairs = np.triu_indices(len(texts), 1)
print(
    json.dumps(
        {
            "texts": texts,
            "nDimensions": n_dimensions,
            "singularValues": [round(float(value), 10) for value in singular[:n_dimensions]],
            "tfidfCosines": [round(float(value), 10) for value in cosines(tfidf)[pairs]],
            "lsaCosines": [round(float(value), 10) for value in cosines(left[:, :n_dimensions] * singular[:n_dimensions])[pairs]],
        },
        ensure_ascii=False,
    )
)
