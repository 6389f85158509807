#!/usr/bin/env python3
"""Golden numbers for SPoSE: the published objective in PyTorch on planted data.

Run with Debian's python3-torch (1.13) and python3-numpy: python3 tools/golden/spose.py test/golden/spose
Inputs (W0.npy, triplets_odd_last.npy) that are already in the folder are kept; only the outputs are made again.
Objective: batch-mean cross-entropy + (lambda / nStimuli) * L1 + 0.01 * sum(relu(-W)); dense Adam; sequential batches.
"""
import json
import os
import sys

import numpy as np
import torch

N, D, N_TRIALS, BATCH, LAMBDA, LR = 60, 8, 12800, 128, 0.004, 1e-3
SAVED = (1, 10, 100, 300)


def planted(rng):
    truth = rng.gamma(1.0, 0.8, (N, D)) * (rng.random((N, D)) < 0.35)
    triplets = np.array([rng.choice(N, 3, replace=False) for _ in range(N_TRIALS)])
    x = truth[triplets]
    s = np.stack([(x[:, 0] * x[:, 1]).sum(1), (x[:, 0] * x[:, 2]).sum(1), (x[:, 1] * x[:, 2]).sum(1)], 1)
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    kept = (p.cumsum(1) > rng.random((N_TRIALS, 1))).argmax(1)
    order = np.array([[0, 1, 2], [0, 2, 1], [1, 2, 0]])[kept]
    return truth, np.take_along_axis(triplets, order, 1)


def loss_of(w, batch):
    a, b, c = w[batch[:, 0]], w[batch[:, 1]], w[batch[:, 2]]
    s = torch.stack([(a * b).sum(1), (a * c).sum(1), (b * c).sum(1)], 1)
    cross_entropy = -torch.log_softmax(s, 1)[:, 0].mean()
    loss = cross_entropy + LAMBDA / N * w.abs().sum() + 0.01 * torch.relu(-w).sum()
    return loss, cross_entropy


def run(start, triplets, dtype, folder, suffix):
    w = torch.tensor(start, dtype=dtype, requires_grad=True)
    adam = torch.optim.Adam([w], lr=LR)
    batches = torch.tensor(triplets).split(BATCH)
    losses, step = [], 0
    for _ in range(3):
        for batch in batches:
            adam.zero_grad()
            loss, cross_entropy = loss_of(w, batch)
            loss.backward()
            if step == 0:
                np.save(f"{folder}/first_gradient_{suffix}.npy", w.grad.numpy())
            adam.step()
            step += 1
            losses.append((loss.item(), cross_entropy.item()))
            if step in SAVED:
                np.save(f"{folder}/W_after_{step}_{suffix}.npy", w.detach().numpy())
    np.save(f"{folder}/losses_{suffix}.npy", np.array(losses))


def main(folder):
    if os.path.exists(f"{folder}/W0.npy"):
        start, triplets = np.load(f"{folder}/W0.npy"), np.load(f"{folder}/triplets_odd_last.npy").astype(np.int64)
    else:
        rng = np.random.default_rng(0)
        truth, triplets = planted(rng)
        start = rng.normal(0.1, 0.01, (N, D))
        np.save(f"{folder}/truth.npy", truth)
        np.save(f"{folder}/triplets_odd_last.npy", triplets.astype(np.int32))
        np.save(f"{folder}/W0.npy", start)
    run(start, triplets, torch.float64, folder, "f64")
    run(start, triplets, torch.float32, folder, "f32")
    meta = dict(nStimuli=N, nDims=D, nTriplets=N_TRIALS, batch=BATCH, lambda_=LAMBDA, learning_rate=LR,
                order="sequential, 100 batches per epoch, 3 epochs, no shuffle", torch=torch.__version__)
    json.dump(meta, open(f"{folder}/meta.json", "w"), indent=1)


main(sys.argv[1])
