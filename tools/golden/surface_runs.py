"""Writes test/golden/surface-runs/*: two runs of one subject as fMRIPrep leaves them on surfaces (GIFTI) and in CIFTI, by nibabel.
Place p of frame f of run r is 1000 r + 10 f + p; frames are 2 s apart. Made with Python 3.11, NumPy 1.24.2, nibabel 5.0.0:
/usr/bin/python3 tools/golden/surface_runs.py"""
import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel import cifti2, gifti

folder = Path(__file__).resolve().parents[2] / "test" / "golden" / "surface-runs"
shutil.rmtree(folder, ignore_errors=True)
func = folder / "sub-01" / "func"
func.mkdir(parents=True)
n_frames, n_left, n_right = 10, 4, 3


def frames_of(run, places):
    return (1000 * run + 10 * np.arange(n_frames)[:, None] + np.asarray(places)).astype("f4")


left = cifti2.BrainModelAxis.from_mask(np.array([1, 0, 1, 1, 0, 1], bool), name="CORTEX_LEFT")
right = cifti2.BrainModelAxis.from_mask(np.array([0, 1, 1, 1, 0, 0], bool), name="CORTEX_RIGHT")
mask = np.zeros((3, 4, 5), bool)
mask[1, 2, 3] = mask[2, 1, 0] = True
thalamus = cifti2.BrainModelAxis.from_mask(mask, affine=np.diag([2.0, 2, 2, 1]), name="THALAMUS_LEFT")

shown = {1: ("s001", "s002", "s003", "rest"), 2: ("s004", "s001", "s005", "s006")}
for run, stimuli in shown.items():
    stem = f"sub-01_task-clips_run-{run}"
    sides = {"L": range(n_left), "R": range(n_left, n_left + n_right)}
    for side, places in sides.items():
        meta = gifti.GiftiMetaData(TimeStep="2000.000000")
        arrays = [
            gifti.GiftiDataArray(frame, "NIFTI_INTENT_TIME_SERIES", "NIFTI_TYPE_FLOAT32", meta=meta)
            for frame in frames_of(run, places)
        ]
        name = f"{stem}_hemi-{side}_space-fsaverage5_bold.func.gii"
        nib.save(gifti.GiftiImage(darrays=arrays), func / name)
    axes = (cifti2.SeriesAxis(0, 2, n_frames), left + right + thalamus)
    series = frames_of(run, range(len(axes[1])))
    nib.save(cifti2.Cifti2Image(series, axes), func / f"{stem}_space-fsLR_den-91k_bold.dtseries.nii")
    events = "".join(f"{4 * i}\t4\t{stimulus}\n" for i, stimulus in enumerate(stimuli))
    (func / f"{stem}_events.tsv").write_text("onset\tduration\ttrial_type\n" + events)
    motion = "trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z\n"
    rows = "".join("\t".join(f"{np.sin((k + 1) * (f + run)):.4f}" for k in range(6)) + "\n" for f in range(n_frames))
    (func / f"{stem}_desc-confounds_timeseries.tsv").write_text(motion + rows)

print(sum(path.stat().st_size for path in func.iterdir()), "bytes")
