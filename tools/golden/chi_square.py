#!/usr/bin/env python3
"""Upper tails of chi-square distributions, from SciPy.

    python3 tools/golden/chi_square.py > test/golden/chi-square.json

Written with SciPy 1.10.
"""
import json

from scipy import stats

points = [
    (df, x)
    for df in (1, 2, 3, 5, 10, 26, 101)
    for x in (1e-6, 0.1, 1.0, df - 0.5, df + 2.5, 3.0 * df, 80.0, 200.0, 700.0, 1400.0)
]
rows = [{"df": df, "x": x, "p": float(stats.chi2.sf(x, df))} for df, x in points]
print("[")
print(",\n".join(f"  {json.dumps(row)}" for row in rows))
print("]")
