export {
  behaviouralConsistency,
  type Consistency,
  type ConsistencyOptions,
  type CorrectedConsistency,
  type JudgedTrials,
  type JudgeReliability,
  type PairConsistency,
} from './consistency/consistency.js';
export { type AffectGraph, affectGraph, type Community } from './graph/affect-graph.js';
export { pageRank } from './graph/centrality.js';
export { type Communities, type CommunityStability, communities, noCommunity } from './graph/communities.js';
export { type CommunityName, nameCommunity } from './graph/community-names.js';
export { type ComponentEdge, type ComponentGraph, componentGraph } from './graph/component-graph.js';
export { modularity } from './graph/modularity.js';
export { type GraphOptions, graphOptions } from './graph/options.js';
export { adjustedRand, normalisedMutualInformation } from './graph/partition-agreement.js';
export { type NamedSet, type SetIntersection, setIntersections } from './graph/set-intersections.js';
export { type SharedByChance, type SharedByChanceOptions, sharedByChance } from './graph/shared-by-chance.js';
export {
  communitySets,
  type GraphedSystem,
  labelSets,
  type SharedCommunity,
  sharedCommunities,
} from './graph/shared-communities.js';
export * from './gromov-wasserstein/index.js';
export {
  type AlignSettings,
  alignSection,
  type CompareOptions,
  type ConsistencySettings,
  compareOptions,
  consistencyOptions,
  type GraphsOptions,
  graphsOptions,
  type MapOptions,
  mapOptions,
} from './options.js';
export { type Metric, type ProjectionOptions, projectionOptions } from './projection/options.js';
export { type AlignedMap, alignMap } from './projection/procrustes.js';
export { type MapPositions, project, type StimulusMap } from './projection/project.js';
export { type MapQuality, mapQuality } from './projection/quality.js';
export { type TsneResult, type TsneState, tsne } from './projection/tsne.js';
export { type UmapState, umap } from './projection/umap.js';
export { debiasedCka, linearCka, type Procrustes, procrustes } from './rsa/features.js';
export { type RsaMeasure, rsaMeasures } from './rsa/measures.js';
export { type RsaNoiseCeiling, rsaNoiseCeiling } from './rsa/noise-ceiling.js';
export { type MantelTest, type RsaComparison, type RsaOptions, type RsaTable, rsa } from './rsa/rsa.js';
export { fastChoiceRsm } from './rsm/choice.js';
export { type EmbeddingRsmOptions, rsmOfEmbedding } from './rsm/from-embedding.js';
export {
  type FeatureMeasure,
  type FeatureRsmOptions,
  featureMeasures,
  rsmOfFeatures,
  zScoredColumns,
} from './rsm/from-features.js';
export { type JudgmentRsmOptions, rsmOfJudgments } from './rsm/from-judgments.js';
export { type DroppedStimuli, type MatchedRsms, matchRsms } from './rsm/match.js';
export { type ReadRsmOptions, readRsm } from './rsm/read.js';
export {
  type Rsm,
  type RsmParts,
  rsm,
  symmetryTolerance,
  takeStimuliOfRsm,
  upperTriangle,
} from './rsm/rsm.js';
