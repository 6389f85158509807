// biome-ignore-all assist/source/organizeImports: the order is the flow of data.
// Everything for Node: the library, then what needs files, worker threads and processes.
export * from './index.js';
// On a thread that can be stopped, in place of the same name for browsers.
export { openHdf5, openHdf5File } from './formats/hdf5-file.node.js';
export type { Hdf5Patience } from './formats/hdf5-watched.node.js';
export { openNifti, readVoxelSeries } from './formats/nifti-file.node.js';
export { type AdapterOptions, makeAdapters } from './judges/chat/make-adapter.node.js';
export { type ProbeOptions, type ProbeResult, probe } from './judges/chat/probe.node.js';
export { type JudgeContext, makeJudge } from './judges/make.node.js';
export type { LedgerAnswer, RunIdentity } from './judgments/ledger/answer.js';
export { type Ledger, openLedger } from './judgments/ledger/ledger.node.js';
export type { LedgerRun } from './judgments/ledger/run.node.js';
export { type FitJob, type FitRunsWatch, fitRuns } from './embedding/fit-runs.node.js';
export { type SaturationRun, saturation } from './embedding/saturation.node.js';
export { rsaOnWorkers } from './geometry/rsa/rsa.node.js';
export { projectOnWorker } from './geometry/projection/project.node.js';
export { type AlignWorkersWatch, alignOnWorkers } from './geometry/gromov-wasserstein/align.node.js';
export { type EncodingWatch, encodeInWorkers, encodePlanned } from './brain/encoding/encode.node.js';
export { findFmriprepRunsIn } from './brain/fmriprep.node.js';
export {
  type PlacedResponses,
  type RunReading,
  readResponses,
} from './brain/responses/responses.node.js';
export { type SearchlightWorkersWatch, searchlightOnWorkers } from './brain/searchlight/searchlight.node.js';
export { readThumbnails, type ThumbnailOptions } from './report/thumbnails.node.js';
export {
  ClipLibrary,
  type ClipLibraryOptions,
  deriveClips,
  mediaSha256,
} from './stimuli/clips/library.node.js';
export * from './study/index.js';
export * from './pipeline/index.js';
