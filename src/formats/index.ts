export {
  type Affine,
  affineOfZooms,
  affinesAgree,
  inverseAffine,
  worldOf,
  zoomsOf,
} from './affine.js';
export { type Cifti, ciftiMaps, readCifti } from './cifti.js';
export { type CiftiAxis, lengthOfAxis } from './cifti-axis.js';
export type { BrainModel } from './cifti-models.js';
export { cellPlace, type DelimitedOptions, formatTsv, parseDelimited, type Table } from './delimited.js';
export { type Annotation, readAnnot, readCurv } from './freesurfer.js';
export { type CoordinateSystem, type Gifti, type GiftiArray, type GiftiReading, readGifti } from './gifti.js';
export type { FindExternal } from './gifti-data.js';
export { mapsOf, surfaceOf } from './gifti-surface.js';
export { giftiArray, giftiOfMaps, giftiOfSurface, type MapPurpose, writeGifti } from './gifti-write.js';
export { type Hdf5File, openHdf5 } from './hdf5.js';
export type { Hdf5Dataset, Hdf5Part } from './hdf5-dataset.js';
export { listMat5, type Mat5Entry, parseMat5 } from './mat5.js';
export { listMat73, type Mat73Variable, readMat73 } from './mat73.js';
export { readMgh } from './mgh.js';
export { type NiftiStream, niftiFrames, readNifti } from './nifti.js';
export type { NiftiHeader } from './nifti-header.js';
export { type NiftiOptions, writeNifti } from './nifti-write.js';
export { formatNpy, type NpyArray, type NpyData, npyHeader, parseNpy } from './npy.js';
export type { DenseMap, Label, LabelTable, Surface } from './surface.js';
export { decodeText } from './text.js';
export {
  frameValues,
  makeVolume,
  maskVoxels,
  nFramesOf,
  nVoxelsOf,
  requireSameGrid,
  type Scaling,
  type Volume,
  type VolumeFacts,
  volumeValues,
  voxelSeries,
} from './volume.js';
export type { NumberArray, VoxelType } from './voxel-type.js';
