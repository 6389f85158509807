export type { DroppedByModel, ModelRsm } from './model-rsm.js';
export type { Listed, Neighbourhoods } from './neighbourhoods.js';
export { type SearchlightOptions, searchlightOptions } from './options.js';
export { type SearchlightOutcome, searchlightOutcomes } from './outcome.js';
export { type CentreRange, centresOfShard, joinSearchlightParts, type SearchlightPart } from './part.js';
export { type ControlledCorrelations, controlledCorrelations } from './partial.js';
export { type Patterns, searchlightPatterns } from './patterns.js';
export { type PlacedNeighbourhoods, placeNeighbourhoods } from './placed.js';
export {
  type PreparedSearchlight,
  prepareSearchlight,
  type SearchlightData,
  type SearchlightFacts,
  type SearchlightProblem,
} from './prepare.js';
export { type SearchlightMap, type SearchlightWatch, searchlight, searchlightMap } from './searchlight.js';
export { type Radius, type Sphere, sphereNeighbourhoods } from './sphere.js';
export { type SurfaceReach, surfaceNeighbourhoods } from './surface.js';
