export { countDyads, countTriplets } from './design-size.js';
export type { AnsweredTrials, ReadTripletOptions } from './odd-last.js';
export { type TrialsOptions, trialsOptions } from './options.js';
export { planTrials, type SetPlan, type TrialsPlan } from './plan.js';
export { choosePrototypes, type Prototypes } from './prototypes.js';
export {
  type CeilingOptions,
  type DyadOptions,
  type PrototypeTrialOptions,
  sampleAll,
  sampleCeiling,
  sampleDyads,
  samplePrototypes,
  sampleRandom,
} from './sample.js';
export { balancedOrders, withBalancedOrders, withUnknownOrders } from './shown-order.js';
export {
  shownOrders,
  shownPosition,
  type TrialSet,
  type Trials,
  trialSets,
  unknownOrder,
} from './trials.js';
export { readTripletArray, tripletArray } from './triplet-array.js';
export { hasRepeats } from './triplet-repeats.js';
export { countRepeats, groupTriplets, markShared } from './triplet-table.js';
export { countTripletLines, formatTripletText, readTripletText } from './triplet-text.js';
