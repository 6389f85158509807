"""Writes test/golden/grayordinates/*: responses on grayordinates as nibabel writes them, and where their columns lie.
Made with Python 3.11, NumPy 1.24.2, nibabel 5.0.0:  /usr/bin/python3 tools/golden/grayordinates.py"""
import json
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel import cifti2

folder = Path(__file__).resolve().parents[2] / "test" / "golden" / "grayordinates"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(11)

n_stimuli = 14
# The sphere of 62 vertices and the sheet of 63 that the tests make; the left medial wall is not there.
n_left, n_right = 62, 63
left = np.array([v for v in range(n_left) if not 20 <= v < 28])
right = np.arange(n_right)
voxels = {
    "CIFTI_STRUCTURE_THALAMUS_LEFT": [(x, y, z) for z in range(3) for y in range(3) for x in (1, 2)],
    "CIFTI_STRUCTURE_CAUDATE_LEFT": [(x, y, z) for z in range(3) for y in range(2) for x in (0, 3)],
}
shape = (4, 3, 3)
affine = np.diag([2.0, 2.0, 2.0, 1.0])

axis = cifti2.BrainModelAxis.from_surface(left, n_left, "CortexLeft")
axis = axis + cifti2.BrainModelAxis.from_surface(right, n_right, "CortexRight")
for name, places in voxels.items():
    axis = axis + cifti2.BrainModelAxis(
        name, voxel=np.array(places), affine=affine, volume_shape=shape
    )
data = random.normal(size=(n_stimuli, len(axis))).astype("f4")
scalars = cifti2.ScalarAxis([f"s{i + 1:03d}" for i in range(n_stimuli)])
nib.save(cifti2.Cifti2Image(data, (scalars, axis)), folder / "responses.dscalar.nii")
places = {
    "nLeft": n_left,
    "nRight": n_right,
    "left": left.tolist(),
    "right": right.tolist(),
    "voxels": axis.voxel[len(left) + len(right) :].tolist(),
    "zoom": 2,
    "values": [[float(x) for x in row] for row in data],
}
(folder / "places.json").write_text(json.dumps(places) + "\n")
