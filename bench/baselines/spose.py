"""SPoSE in PyTorch: triplets per second of training steps on one thread.

spose.py FILE gather|one-hot N_STIMULI N_COMPONENTS BATCH LEARNING_RATE LAMBDA penalty|projection SECONDS
FILE holds uint32 triplets, odd one last. `gather` looks weights up by index; `one-hot` multiplies one-hot rows
with the weight matrix, as the published code does. Prints the best of several short windows.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

file, form, n_stimuli, n_components, batch, rate, lam, positivity, seconds = sys.argv[1:]
n_stimuli, n_components, batch = int(n_stimuli), int(n_components), int(batch)
torch.set_num_threads(1)
torch.manual_seed(0)
triplets = torch.from_numpy(np.fromfile(file, np.uint32).astype(np.int64).reshape(-1, 3))
weights = (0.1 + 0.01 * torch.randn(n_stimuli, n_components)).requires_grad_()
adam = torch.optim.Adam([weights], lr=float(rate))
identity = torch.eye(n_stimuli)
first = torch.zeros(batch, dtype=torch.long)


def rows(chosen):
    if form == "gather":
        return weights[chosen]
    return identity[chosen.flatten()].mm(weights).view(batch, 3, n_components)


def step(chosen):
    i, j, k = rows(chosen).unbind(1)
    similarities = torch.stack([(i * j).sum(1), (i * k).sum(1), (j * k).sum(1)], 1)
    loss = F.cross_entropy(similarities, first) + float(lam) / n_stimuli * weights.abs().sum()
    if positivity == "penalty":
        loss = loss + 0.01 * F.relu(-weights).sum()
    adam.zero_grad()
    loss.backward()
    adam.step()
    if positivity == "projection":
        with torch.no_grad():
            weights.clamp_(min=0)


n_batches = len(triplets) // batch
best, done, end = 0.0, 0, time.perf_counter() + float(seconds)
step(triplets[:batch])
while time.perf_counter() < end:
    start, window = time.perf_counter(), 0
    while time.perf_counter() - start < 0.3 or window == 0:
        at = done % n_batches * batch
        step(triplets[at : at + batch])
        done, window = done + 1, window + 1
    best = max(best, window * batch / (time.perf_counter() - start))
print(json.dumps({"tripletsPerSecond": best, "torch": torch.__version__}))
