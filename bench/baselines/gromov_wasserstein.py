"""Entropic Gromov-Wasserstein with square loss as POT computes it, in float64 NumPy on one thread.

gromov_wasserstein.py FILE N D EPSILON SECONDS (FILE: N x D float64 of the source, then of the target). Cosine RDMs,
uniform weights, uniform start, at most 1,000 steps of at most 1,000 Sinkhorn iterations, both tested every tenth time at
1e-9. A solve that is not done after SECONDS is stopped after its step. Prints the seconds, whether it was done, the loss
(as POT writes it, which takes the marginals for met; and of the plan as it is), the number of steps and the best target of
every source stimulus.
"""
import json
import sys
import time

import numpy as np

n, d, epsilon, patience = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
vectors = np.fromfile(sys.argv[1], dtype=np.float64).reshape(2, n, d)


def cosine_rdm(x):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    return 1 - unit @ unit.T


def sinkhorn(p, q, cost):
    """Returns the plan and the number of iterations."""
    u, v = np.full(len(p), 1 / len(p)), np.full(len(q), 1 / len(q))
    k = np.exp(-cost / epsilon)
    for iteration in range(1000):
        previous = u, v
        column = k.T @ u
        v = q / column
        u = p / (k @ v)
        if not (column.all() and np.isfinite(u).all() and np.isfinite(v).all()):
            u, v = previous
            break
        if iteration % 10 == 0 and np.linalg.norm((k.T @ u) * v - q) < 1e-9:
            break
    return u[:, None] * k * v, iteration + 1


def entropic_gw(c1, c2, p, q):
    constant = (c1**2 @ p)[:, None] + (c2**2 @ q)[None]
    plan, iterations, done = np.outer(p, q), 0, False
    begin = time.perf_counter()
    for step in range(1000):
        previous = plan
        plan, inner = sinkhorn(p, q, 2 * (constant - 2 * c1 @ plan @ c2.T))
        iterations += inner
        if step % 10 == 0 and np.linalg.norm(plan - previous) < 1e-9:
            done = True
        if done or time.perf_counter() - begin > patience:
            break
    return done, plan, np.sum((constant - 2 * c1 @ plan @ c2.T) * plan), step + 1, iterations


weights = np.full(n, 1 / n)
c1, c2 = map(cosine_rdm, vectors)
cpu = time.process_time()
start = time.perf_counter()
with np.errstate(all="ignore"):
    done, plan, loss, steps, iterations = entropic_gw(c1, c2, weights, weights)
seconds = time.perf_counter() - start
rows, columns = plan.sum(1), plan.sum(0)
own = rows @ c1**2 @ rows + columns @ c2**2 @ columns - 2 * np.sum((c1 @ plan @ c2.T) * plan)
facts = {"seconds": seconds, "cpuSeconds": time.process_time() - cpu, "done": bool(done), "loss": loss, "ownLoss": own, "steps": steps, "sinkhornIterations": iterations}
error = np.abs(plan.sum(0) - weights).sum() + np.abs(plan.sum(1) - weights).sum()
print(json.dumps({**facts, "marginalError": error, "matches": plan.argmax(1).tolist(), "numpy": np.__version__}))
