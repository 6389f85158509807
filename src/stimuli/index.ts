export { type CaptionsOptions, formatCaptions, readCaptions } from './caption-table.js';
export type { Captions } from './captions.js';
export { type FrameRule, frameRate, p1FrameRule, plannedFrames } from './clips/frame-rate.js';
export { type DerivedMedia, formatManifest } from './clips/manifest.js';
export type { MediaFile, MediaPart } from './clips/media-part.js';
export { type ClipRecipe, clipRecipe } from './clips/recipe.js';
export {
  type CowenKeltnerStudy,
  cowenKeltnerCategories,
  cowenKeltnerDimensions,
  importCowenKeltner,
  paperExclusions,
  type RepeatedVideo,
  repeatedVideos,
} from './cowen-keltner.js';
export { type IdMatcher, matchIds } from './match-ids.js';
export { type ResolvedMedia, resolveMedia } from './media.js';
export { type RatingsTableOptions, ratingsOptions, type StimuliOptions, stimuliOptions } from './options.js';
export { formatRatings, type RatingsOptions, readRatings } from './rating-table.js';
export type { Ratings, Scale } from './ratings.js';
export { type RowOptions, unknownIds } from './rows.js';
export { readScales, scalesSidecar } from './scales.js';
export type { StimulusSet } from './set.js';
export { formatStimuli, readStimuli } from './stimulus-table.js';
export { maskOf, readIdList, type StimulusMask, type Subset, subsetOf, takeStimuli } from './subset.js';
export { countTopCategoryTies, topCategory } from './top-category.js';
