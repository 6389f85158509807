"""Writes test/formats/golden/mat5*.mat with SciPy. Made with Python 3.11, NumPy 1.24.2, SciPy 1.10.1:  /usr/bin/python3 tools/golden/mat5.py"""
from pathlib import Path
import struct
import numpy as np
from scipy.io import loadmat, savemat
from scipy.sparse import eye

folder = Path(__file__).resolve().parents[2] / "test" / "formats" / "golden"
folder.mkdir(parents=True, exist_ok=True)

arrays = {
    "double": np.array([[1.5, -2.25, 1e300], [0.0, np.pi, -7.0]]),
    "small_integers_as_double": np.array([[1.0, 2.0], [3.0, 250.0], [5.0, 6.0]]),
    "single": np.array([[0.5, 0.25]], dtype="f4"),
    "int8": np.array([[-128], [127]], dtype="i1"),
    "uint8": np.array([[0, 255]], dtype="u1"),
    "int16": np.array([[-32768, 32767]], dtype="i2"),
    "uint16": np.array([[65535]], dtype="u2"),
    "int32": np.array([[-2147483648, 2147483647]], dtype="i4"),
    "uint32": np.array([[4294967295]], dtype="u4"),
    "int64": np.array([[-9007199254740991, 3]], dtype="i8"),
    "logical": np.array([[True, False, True]]),
    "empty": np.zeros((0, 3)),
    "a_name_longer_than_the_small_format": np.array([[42.0]]),
    "text": "hello",
    "cells": np.array([[1.0, "two"]], dtype=object),
    "structure": {"field": np.eye(2)},
    "complex": np.array([[1 + 2j]]),
    "cube": np.zeros((2, 2, 2)),
    "sparse": eye(3).tocsc(),
}
savemat(folder / "mat5.mat", arrays, do_compression=False)
savemat(folder / "mat5-compressed.mat", arrays, do_compression=True)
savemat(folder / "mat5-only-text.mat", {"text": "hello"}, do_compression=True)


def element(kind, payload):
    return struct.pack(">II", kind, len(payload)) + payload + b"\0" * (-len(payload) % 8)


def big_endian(name, array):
    """SciPy writes in the machine's byte order only; it reads this back, which the assertion shows."""
    parts = element(6, struct.pack(">II", 6, 0)) + element(5, struct.pack(">ii", *array.shape))
    parts += struct.pack(">HH", len(name), 1) + name.encode().ljust(4, b"\0")
    parts += element(9, array.astype(">f8").tobytes(order="F"))
    header = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    return header + element(14, parts)


(folder / "mat5-big-endian.mat").write_bytes(big_endian("big", arrays["double"]))
assert np.array_equal(loadmat(folder / "mat5-big-endian.mat")["big"], arrays["double"])
