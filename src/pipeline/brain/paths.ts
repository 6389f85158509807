/** Where the results about brains lie, relative to the study folder. `subject` is a folder name such as `sub-01`. */
export const brainPaths = {
  responses: (subject: string) => `brain/${subject}/responses.npy`,
  mask: (subject: string) => `brain/${subject}/mask.nii.gz`,
  /** Of the events that made the responses: one row per presentation. */
  presentations: (subject: string) => `brain/${subject}/presentations.tsv`,
  /** Responses to stimuli that were shown more than once, one after the other: nRepeats x nStimuli x nVoxels. */
  repeats: (subject: string) => `brain/${subject}/repeats.npy`,
  /** The noise ceiling of every voxel. */
  ceiling: (subject: string) => `brain/${subject}/encoding/ceiling.npy`,
  /** Without the ending. */
  ceilingMap: (subject: string) => `brain/${subject}/encoding/ceiling`,
  encoding: (subject: string, set: string, what: EncodingFile) =>
    `brain/${subject}/encoding/${set}/${what}.npy`,
  /** Without the ending, which depends on where the columns lie. */
  encodingMap: (subject: string, set: string, what: 'r' | 'r2' | 'weights') =>
    `brain/${subject}/encoding/${set}/${what}`,
  encodingSummary: (subject: string) => `brain/${subject}/encoding/encoding.json`,
  partition: (subject: string, name: string) => `brain/${subject}/partition/${name}/parts.npy`,
  partitionMap: (subject: string, name: string, part: string) => `brain/${subject}/partition/${name}/${part}`,
  reliability: (subject: string) => `brain/${subject}/reliability.tsv`,
  reliabilitySummary: (subject: string) => `brain/${subject}/reliability.json`,
  searchlight: (subject: string) => `brain/${subject}/searchlight/correlations.npy`,
  searchlightVoxels: (subject: string) => `brain/${subject}/searchlight/voxels.npy`,
  searchlightPartial: (subject: string) => `brain/${subject}/searchlight/partial.npy`,
  searchlightExplained: (subject: string) => `brain/${subject}/searchlight/explained.npy`,
  searchlightMap: (subject: string, model: string) => `brain/${subject}/searchlight/${model}`,
  searchlightSummary: (subject: string) => `brain/${subject}/searchlight/searchlight.json`,
  regions: (atlas: string) => `brain/regions/${atlas}.tsv`,
  regionsSummary: (atlas: string) => `brain/regions/${atlas}.json`,
  comparison: (atlas: string) => `brain/compare/${atlas}.json`,
  regionMeans: (atlas: string) => `brain/compare/${atlas}-means.tsv`,
  regionDifferences: (atlas: string) => `brain/compare/${atlas}-differences.tsv`,
  voxels: 'brain/compare/voxels.tsv',
  /** Tests across subjects in every place; `name` is of a measure or of a difference. */
  groupStatistics: (name: string) => `brain/group/${name}/statistics.npy`,
  /** Without the ending, which depends on where the columns lie. */
  groupMap: (name: string, statistic: string) => `brain/group/${name}/${statistic}`,
  /** The voxels that all subjects have. */
  groupMask: 'brain/group/mask.nii.gz',
  groupSummary: 'brain/group/group.json',
  map: (name: string, ending: 'svg' | 'png') => `brain/maps/${name}.${ending}`,
  maps: 'brain/maps/maps.json',
  /** Blocks of unfinished work, one folder for each. */
  blocks: 'brain/.blocks',
} as const;

export type EncodingFile = 'r' | 'r2' | 'fold-r' | 'fold-r2' | 'alphas' | 'weights';

/** A name as part of a file's name: what is no letter, digit, ".", "+", "_" or "-" becomes "-". */
export const slugOf = (name: string): string => name.replace(/ \+ /g, '+').replace(/[^A-Za-z0-9._+-]+/g, '-');
