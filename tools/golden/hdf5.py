"""Writes test/golden/hdf5/*: HDF5 files whose numbers are 100 row + column. Made with Python 3.11, NumPy 1.24.2, h5py 3.7.0:
/usr/bin/python3 tools/golden/hdf5.py"""
import shutil
from pathlib import Path

import h5py
import numpy as np

folder = Path(__file__).resolve().parents[2] / "test" / "golden" / "hdf5"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
numbers = 100.0 * np.arange(40)[:, None] + np.arange(30)

# Old and new structures: groups, chunk indices and heaps of the first version, and of the latest.
for name, libver in (("earliest", "earliest"), ("latest", "latest")):
    with h5py.File(folder / f"{name}.h5", "w", libver=libver) as file:
        file.create_dataset("pieces", data=numbers, chunks=(7, 8), compression="gzip", shuffle=True)
        file.create_dataset("growing", data=numbers[:, :3], chunks=(7, 2), maxshape=(None, None))
        file.create_dataset("cube", data=numbers.reshape(4, 10, 30).astype("i4"))
        file.create_dataset("wide", data=numbers[:2].astype("i8"), dtype=">i8")
        file.create_dataset("words", data=["cat", "dog", "a longer word"], dtype=h5py.string_dtype())
        for key in range(12):
            file.create_dataset(f"many/of these/{key}", data=np.arange(key + 1))
            file["pieces"].attrs[f"attribute {key}"] = key

# Promises of what was never written.
with h5py.File(folder / "unfilled.h5", "w") as file:
    file.create_dataset("numbers", shape=(2**20, 2**16), dtype="f8", chunks=(64, 64))
    file.create_dataset("some", shape=(2**10, 2**10), dtype="f8", chunks=(64, 64), fillvalue=3.0)

print(sum(path.stat().st_size for path in folder.iterdir()), "bytes")
