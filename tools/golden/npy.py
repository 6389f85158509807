"""Writes test/formats/golden/*.npy with NumPy. Made with Python 3.11, NumPy 1.24.2:  /usr/bin/python3 tools/golden/npy.py"""
from pathlib import Path
import numpy as np

folder = Path(__file__).resolve().parents[2] / "test" / "formats" / "golden"
folder.mkdir(parents=True, exist_ok=True)

table = np.arange(6).reshape(2, 3) - 2
cube = np.arange(24).reshape(2, 3, 4)
arrays = {
    "little-f4": table.astype("<f4") / 2,
    "little-f8": table.astype("<f8") / 4,
    "big-f4": table.astype(">f4") / 2,
    "big-f8": table.astype(">f8") / 4,
    "big-i2": table.astype(">i2"),
    "big-u4": (table + 4000000000).astype(">u4"),
    "big-i8": (table * 1000000000000).astype(">i8"),
    "i1": table.astype("i1"),
    "u1": (table + 250).astype("u1"),
    "u2": (table + 65000).astype("<u2"),
    "i4": table.astype("<i4"),
    "i8": (table * 1000000000000).astype("<i8"),
    "i8-too-large": np.array([1, 2**53 + 2], dtype="<i8"),
    "u8": (table + 5).astype("<u8"),
    "bool": table > 0,
    "fortran": np.asfortranarray(cube.astype("<i4")),
    "fortran-big": np.asfortranarray(cube.astype(">f8")),
    "scalar": np.array(3.5),
    "empty": np.zeros((0, 3), dtype="<f4"),
    "vector": np.array([1, 2, 3], dtype="<i4"),
    "f2": table.astype("<f2"),
    "complex": table.astype("<c8"),
    "text": np.array(["a", "b"]),
    "structured": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]),
}
for name, array in arrays.items():
    np.save(folder / f"{name}.npy", array)
for version in (2, 3):
    with open(folder / f"version-{version}.npy", "wb") as file:
        np.lib.format.write_array(file, table.astype("<f4"), version=(version, 0))
