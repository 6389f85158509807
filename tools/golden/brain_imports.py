"""Writes test/golden/brain-imports/*: responses of 6 stimuli (s001 ... s006) in 5 voxels as MATLAB and bdpy would save them, by SciPy and
h5py. The response of stimulus i (from 1) in voxel v (from 0) is 100 i + v + 1/4. Made with Python 3.11, NumPy 1.24.2, SciPy 1.10.1,
h5py 3.7.0:  /usr/bin/python3 tools/golden/brain_imports.py"""
import shutil
from pathlib import Path

import h5py
import numpy as np
from scipy.io import savemat

folder = Path(__file__).resolve().parents[2] / "test" / "golden" / "brain-imports"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
n_stimuli, n_voxels = 6, 5
responses = 100.0 * np.arange(1, n_stimuli + 1)[:, None] + np.arange(n_voxels) + 0.25

# MATLAB 5 to 7.
savemat(folder / "v5.mat", {"betas": responses, "other": np.eye(2), "note": "z scores"}, do_compression=False)
savemat(folder / "v7.mat", {"betas": responses.T.astype("f4"), "note": "voxels x stimuli"}, do_compression=True)

# MATLAB 7.3 as MATLAB lays it out: a user block of 512 bytes, axes reversed, classes as attributes.
path = folder / "v73.mat"
with h5py.File(path, "w", userblock_size=512) as file:
    def put(name, array, kind, **options):
        file.create_dataset(name, data=array.T, **options).attrs["MATLAB_class"] = np.bytes_(kind)

    put("betas", responses, "double", chunks=(2, 4), compression="gzip")
    put("session/betas", responses.astype("f4") + 1000, "single")
    file["session"].attrs["MATLAB_class"] = np.bytes_("struct")
    put("count", np.array([[6.0]]), "double")
    put("note", np.frombuffer("z scores".encode("utf-16le"), "u2").reshape(1, 8), "char")
raw = bytearray(path.read_bytes())
raw[:128] = b"MATLAB 7.3 MAT-file".ljust(116) + b"\0" * 8 + b"\x00\x02IM"
path.write_bytes(raw)

# bdata: 9 samples; s003 three times (a mean of its own response again), one of a stimulus that no study has.
shown = [3, 1, 2, 3, 4, 5, 6, 3, 7]
change = np.array([-1, 0, 0, 0, 0, 0, 0, 1, 0.0])[:, None]
voxels = 100.0 * np.array(shown)[:, None] + np.arange(n_voxels) + 0.25 + change
gap = np.nan
with h5py.File(folder / "bdata.h5", "w") as file:
    file["dataset"] = np.hstack([voxels, np.array(shown, "f8")[:, None], np.arange(9.0)[:, None]])
    file["metadata/key"] = np.array([b"VoxelData", b"ROI_V1", b"stimulus_name", b"Run"])
    file["metadata/description"] = np.array([b"1 = voxels", b"1 = V1", b"1 = stimulus", b"1 = run"])
    file["metadata/value"] = np.array(
        [[1] * 5 + [gap] * 2, [1, gap, 0, 1, gap, gap, gap], [gap] * 5 + [1, gap], [gap] * 6 + [1]]
    )
    for number in range(1, 8):
        name = f"s{number:03d}" if number < 7 else "elsewhere"
        file.create_dataset(f"vmap/stimulus_name/{float(number)}", data=name, dtype=h5py.string_dtype())

print(sum(path.stat().st_size for path in folder.iterdir()), "bytes")
