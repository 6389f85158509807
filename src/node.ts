// Everything for Node: the library, then what needs files, worker threads and processes.

export { type FitJob, type FitRunsWatch, fitRuns } from './embedding/fit-runs.node.js';
export * from './index.js';
export { type JudgeContext, makeJudge } from './judges/make.node.js';
export * from './pipeline/index.js';
export { readThumbnails, type ThumbnailOptions } from './report/thumbnails.node.js';
export * from './study/index.js';
