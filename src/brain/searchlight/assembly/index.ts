// The searchlight kernel: Grams of neighbourhoods, ranks of their correlations, products with models.
export { pack, scales } from './pack';
export { planeTiles, centreTiles } from './tiles';
export { binMidranks, dotBins } from './bins';
export { centreDoubles, centreSingles } from './centre';
export { dotValues, dotExact } from './dot';
export { standardise, exactTiles } from './exact';
export { exactMidranks } from './sort';
