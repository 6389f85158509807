export { componentCorrelations } from './correlations.js';
export { interpret } from './interpret.js';
export { componentKind, labelTerms } from './label.js';
export { categoriesKept, centroidAccuracy, nearestCentroid } from './nearest-centroid.js';
export { type InterpretationOptions, interpretationOptions } from './options.js';
export type {
  ComponentKind,
  ComponentLabel,
  Interpretation,
  LabelTerm,
  NearestCentroid,
} from './results.js';
