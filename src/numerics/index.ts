export * from './errors.js';
export * from './matrix.js';
export type { Progress, Watch } from './progress.js';
export * from './random.js';
export * from './statistics.js';
