import type { BrainComparison } from '../../report/brain-data.js';
import { counted, list } from '../../report/wording.js';
import type { EncodingRecord } from './encode-results.js';
import type { GroupRecord } from './group-maps.js';
import type { RegionsRecord } from './regions.js';
import type { ReliabilityRecord } from './reliability.js';
import type { ResponsesSidecar } from './responses-files.js';
import type { SearchlightRecord } from './searchlight-results.js';

/** Records of what was made; those of subjects are alike but for counts, so that the first stands for all. */
export interface Made {
  readonly sidecars: readonly ResponsesSidecar[];
  readonly encodings: readonly EncodingRecord[];
  readonly reliabilities: readonly ReliabilityRecord[];
  readonly searchlights: readonly SearchlightRecord[];
  readonly regions: readonly RegionsRecord[];
  readonly comparisons: readonly BrainComparison[];
  readonly group: GroupRecord | null;
}

/** How results about brains were made, a paragraph each for what there is. */
export function brainMethods(made: Made): string[] {
  const { sidecars, encodings, reliabilities, searchlights, regions, comparisons, group } = made;
  const { shape, source } = sidecars[0];
  return [
    `Responses of ${counted(sidecars.length, 'subject')} to ${shape[0]} stimuli: ${source}.`,
    ...encodings.slice(0, 1).map(encodingText),
    ...reliabilities.slice(0, 1).map(reliabilityText),
    ...searchlights.slice(0, 1).map(searchlightText),
    ...regions.map(regionsText),
    ...comparisons.slice(0, 1).map(testsText),
    ...(group?.space ? [groupText(group)] : []),
  ];
}

const scores = {
  'negative-loss': 'the smallest mean squared error',
  r2: 'the largest R2',
  pearson: 'the largest r',
} as const;

function encodingText({ options, sets, partitions, ceiling }: EncodingRecord): string {
  const { outer, inner, alphas, alphaFor, innerScore, summary } = options;
  const { standardiseFeatures, standardiseResponses } = options;
  const divided = [
    ...(standardiseFeatures ? ['features'] : []),
    ...(standardiseResponses ? ['responses'] : []),
  ];
  const scaled =
    divided.length === 0
      ? 'neither features nor responses were divided by their standard deviation'
      : `${list(divided)} were divided by their standard deviation over the training stimuli`;
  const shares = partitions.map(({ parts }) => list([...new Set(parts.flatMap(({ of }) => of))]));
  return [
    `Each voxel was predicted from ${sets.map(({ name }) => name).join(', ')} by ridge regression with ${outer.nFolds} outer and ${inner.nFolds} inner folds (${outer.kind === 'groups' ? 'whole runs' : 'contiguous'}); ${scaled}.`,
    `One of ${alphas.n} penalties from ${alphas.low} to ${alphas.high} was chosen for each ${alphaFor === 'voxel' ? 'voxel and fold' : 'fold'}, that with ${scores[innerScore]} over the inner folds.`,
    `Accuracy is Pearson r of held-out predictions with responses (${summary === 'fold-mean' ? 'mean over outer folds' : 'over the predictions of all outer folds together'}).`,
    ...(options.weights
      ? [
          'Weights of features are those of a fit to all stimuli, with a penalty typical of those that the folds chose for the voxel (geometric mean).',
        ]
      : []),
    ...(shares.length > 0
      ? [
          `Explained variance was divided among ${shares.join('; ')} by inclusion and exclusion of held-out R2 (Lescroart, Stansbury & Gallant 2015, doi:10.3389/fncom.2015.00135), without clipping; means are over voxels that all sets together predict (R2 above 0).`,
        ]
      : []),
    ...(ceiling
      ? [
          `The noise ceiling is estimated from ${counted(ceiling.nRepeats, 'repeat')} of ${ceiling.nStimuli} stimuli.`,
        ]
      : []),
  ].join(' ');
}

const reliabilityText = ({ features, alpha, nStimuli }: ReliabilityRecord): string =>
  `The reliability of each of ${nStimuli} stimuli is Pearson r over voxels between its responses and those that ${features} predicts from all other stimuli (${alpha === 'encoded' ? "every voxel's own penalty, as chosen by encoding" : `penalty ${alpha}`}).`;

function searchlightText(record: SearchlightRecord): string {
  const { radius, correlation, nStimuli, chosen, minimumVoxels, modelNames, models } = record;
  const chosenBy =
    chosen === 'all' ? 'all' : `${chosen}: those that features predict best, which may favour their model`;
  const partial = models.some(({ medianPartial }) => medianPartial !== null)
    ? ' Partial correlations have all other models taken out of both sides.'
    : '';
  return `Searchlights had a radius of ${radius.length} ${radius.unit}; correlations between the patterns of ${nStimuli} stimuli (${chosenBy}) were compared with each model (${modelNames.join(', ')}) over pairs of stimuli (${correlation}). Centres with fewer than ${minimumVoxels} usable voxels were left out.${partial}`;
}

const regionsText = ({ atlas, regions, measures }: RegionsRecord): string =>
  `Regions (${atlas}): ${counted(measures.length, 'map')} of each subject averaged over the voxels of ${counted(regions.length, 'region')}, without those that have no result.`;

function testsText(comparison: BrainComparison): string {
  const { subjects, asked, fdr, smallestFlipP, sets } = comparison;
  const bootstrap = sets.some(({ tests }) => tests.some(({ bootstrapLow }) => Number.isFinite(bootstrapLow)));
  const flips =
    smallestFlipP === null
      ? ''
      : ` Sign flips of whole subjects (no p can be below ${smallestFlipP.toPrecision(3)}) also give p corrected for all regions by the maximum of |t|.`;
  return `In each region, the mean of each map over ${counted(subjects.length, 'subject')} was tested against 0 and each two maps of a kind against each other by two-tailed one-sample and paired t-tests${asked.includes('signflip') ? ' and by sign flips' : ''}. Significant means q < ${fdr} by ${asked[0] === 't' ? 't-tests' : 'sign flips'}, with the false discovery rate of Benjamini and Hochberg (1995) over regions, separately for every map and pair.${flips} Intervals of means are 95% t intervals${bootstrap ? '; the tables also have percentile bootstrap intervals over subjects' : ''}.`;
}

const groupText = ({ asked, fdr, nPlaces, subjects }: GroupRecord): string =>
  `The same tests were made in each of ${nPlaces} places that all ${subjects.length} subjects share (q < ${fdr} by ${asked[0] === 't' ? 't-tests' : 'sign flips'}, Benjamini and Hochberg over places).`;
