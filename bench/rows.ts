import { alignSpeed, searchSpeed } from './align.js';
import { collectText, collectVideo, resume7m } from './collect.js';
import { positionBias } from './collect-bias.js';
import { faults2, faults10 } from './collect-faults.js';
import { sigkill } from './collect-kill.js';
import { memory1m } from './collect-memory.js';
import { encodeFiveSubjects, leaveOneOut20k, ridge20k } from './encoding.js';
import { ratings7m } from './judges.js';
import { append1m } from './ledger.js';
import { timeToPaper } from './paper.js';
import { plantedEncoding, plantedSearchlight } from './planted-brains.js';
import { tsne2180 } from './projection.js';
import type { Bench } from './row.js';
import { choiceRsm, rsaCompare, rsaCompareOnWorkers } from './rsa.js';
import { searchlight50k, searchlightCentre } from './searchlight.js';
import { seedsOnTwoWorkers } from './seeds.js';
import { type SposeCase, sposeSpeed } from './spose.js';
import { readText7m, sample7m } from './trials.js';

const sposeCases: readonly SposeCase[] = [
  { name: 'spose/soft-b256-d30', nonNegativity: 'penalty', batchSize: 256, nComponents: 30 },
  { name: 'spose/soft-b256-d100', nonNegativity: 'penalty', batchSize: 256, nComponents: 100 },
  { name: 'spose/project-b256-d30', nonNegativity: 'projection', batchSize: 256, nComponents: 30 },
  { name: 'spose/project-b256-d100', nonNegativity: 'projection', batchSize: 256, nComponents: 100 },
  { name: 'spose/project-b4096-d30', nonNegativity: 'projection', batchSize: 4096, nComponents: 30 },
  { name: 'spose/project-b4096-d100', nonNegativity: 'projection', batchSize: 4096, nComponents: 100 },
];

const objectives = { penalty: 'published soft penalty', projection: 'projection to W >= 0' };

/** Everything the bench measures, in the order it is run. */
export const benches: readonly Bench[] = [
  ...sposeCases.map((spose) => ({
    name: spose.name,
    what: `SPoSE, ${objectives[spose.nonNegativity]}, batch ${spose.batchSize}, ${spose.nComponents} components, one thread`,
    run: () => sposeSpeed(spose),
  })),
  {
    name: 'spose/seeds-2-workers',
    what: 'ten seeds on two workers against one',
    run: () => seedsOnTwoWorkers('spose/seeds-2-workers'),
  },
  {
    name: 'spose/time-to-paper',
    what: 'Human-category from the published ratings to labels and nearest centroid, one worker',
    run: () => timeToPaper('spose/time-to-paper', 1),
  },
  {
    name: 'spose/time-to-paper-2-workers',
    what: 'the same on two workers',
    run: () => timeToPaper('spose/time-to-paper-2-workers', 2),
  },
  {
    name: 'trials/sample-7m',
    what: 'the 7,125,330 trials of P1, sampled',
    run: () => sample7m('trials/sample-7m'),
  },
  {
    name: 'judges/ratings-7m',
    what: 'the same trials judged from 34 ratings',
    run: () => ratings7m('judges/ratings-7m'),
  },
  {
    name: 'trials/read-text-7m',
    what: 'the same trials read from triplet text in memory',
    run: () => readText7m('trials/read-text-7m'),
  },
  {
    name: 'collect/text',
    what: 'answers of a model server on this machine into the durable ledger, text questions',
    run: () => collectText('collect/text'),
  },
  {
    name: 'collect/video',
    what: 'the same with three clips of 100 kB in every question',
    run: () => collectVideo('collect/video'),
  },
  {
    name: 'collect/faults-2',
    what: 'text questions while every kind of fault comes at 2 %',
    run: () => faults2('collect/faults-2'),
  },
  {
    name: 'collect/faults-10',
    what: 'from the end of ten seconds of every kind of fault at 10 % to 80 % of the speed before',
    run: () => faults10('collect/faults-10'),
  },
  {
    name: 'collect/position-bias',
    what: 'trials until the last of 20 biased runs is paused, with 20 unbiased runs all let through',
    run: () => positionBias('collect/position-bias'),
  },
  {
    name: 'collect/sigkill-100',
    what: 'a writer killed a hundred times at chosen moments: nothing acknowledged lost, nothing doubled',
    run: () => sigkill('collect/sigkill-100'),
  },
  {
    name: 'collect/memory-1m',
    what: "the client's memory while a million answers come in",
    run: () => memory1m('collect/memory-1m'),
  },
  {
    name: 'collect/append-1m',
    what: 'a million answers with replies of 400 bytes into the durable ledger, without a server',
    run: () => append1m('collect/append-1m'),
  },
  {
    name: 'collect/resume-7m',
    what: 'a run of 7,125,330 trials with 5 million answered, opened and going on',
    run: () => resume7m('collect/resume-7m'),
  },
  {
    name: 'projection/tsne-2180',
    what: 't-SNE of 2,180 stimuli with 30 components, 1,000 iterations, one thread',
    run: () => tsne2180('projection/tsne-2180'),
  },
  {
    name: 'rsm/choice-2180',
    what: 'choice-probability RSM of 2,180 stimuli, 1.7e9 triplets, one thread',
    run: () => choiceRsm('rsm/choice-2180'),
  },
  {
    name: 'rsa/compare-2180',
    what: 'four RSMs of 2,180 stimuli, Spearman, 1,000 bootstrap samples and 1,000 permutations, one thread',
    run: () => rsaCompare('rsa/compare-2180'),
  },
  {
    name: 'rsa/compare-2180-2-workers',
    what: 'the same on two workers',
    run: () => rsaCompareOnWorkers('rsa/compare-2180-2-workers'),
  },
  {
    name: 'align/gw-200',
    what: 'Gromov-Wasserstein, 200 stimuli, epsilon .003, from the uniform plan, one thread',
    run: () => alignSpeed({ name: 'align/gw-200', nStimuli: 200, epsilon: 0.003 }),
  },
  {
    name: 'align/gw-2180-eps003',
    what: 'the same with 2,180 stimuli',
    run: () => alignSpeed({ name: 'align/gw-2180-eps003', nStimuli: 2180, epsilon: 0.003 }),
  },
  {
    name: 'align/gw-2180-eps001',
    what: 'the same with 2,180 stimuli at epsilon .001',
    run: () => alignSpeed({ name: 'align/gw-2180-eps001', nStimuli: 2180, epsilon: 0.001 }),
  },
  {
    name: 'align/search-2180',
    what: 'a whole search with the defaults, 2,180 stimuli, two workers',
    run: () => searchSpeed('align/search-2180'),
  },
  {
    name: 'brain/ridge-20k',
    what: 'voxel-wise encoding, 2,180 trials x 30 features, 20,000 voxels, 5 x 6 folds, 100 alphas, one thread',
    run: () => ridge20k('brain/ridge-20k'),
  },
  {
    name: 'brain/loo-20k',
    what: 'reliability of 2,180 stimuli from leave-one-out predictions of 20,000 voxels, one thread',
    run: () => leaveOneOut20k('brain/loo-20k'),
  },
  {
    name: 'brain/ridge-5x5x60k',
    what: 'encoding of five subjects of 60,000 voxels by five models, two workers',
    run: () => encodeFiveSubjects('brain/ridge-5x5x60k'),
  },
  {
    name: 'brain/searchlight-centre',
    what: 'searchlight RSA, 1,000 stimuli, radius 3 voxels, five models, Spearman, per centre on one thread',
    run: () => searchlightCentre('brain/searchlight-centre'),
  },
  {
    name: 'brain/searchlight-50k',
    what: 'peak memory of the same over 50,000 voxels',
    run: () => searchlight50k('brain/searchlight-50k'),
  },
  {
    name: 'brain/planted-encoding',
    what: 'five made-up subjects, 2,180 trials, 20,000 voxels, two models: voxels won by the planted one, noise that looks significant',
    run: () => plantedEncoding('brain/planted-encoding'),
  },
  {
    name: 'brain/planted-searchlight',
    what: 'the same of searchlights, 1,000 stimuli, spheres of radius 3',
    run: () => plantedSearchlight('brain/planted-searchlight'),
  },
];
