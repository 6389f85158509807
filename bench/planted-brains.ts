// Five made-up brains of the papers' size with the geometry of model A in a third of the voxels, of model B in a third, and
// noise in the rest: do the right models win, and how often does noise look like something?
import { encode, encodingPresets, type FeatureSet, groupDifferences, groupTests } from '#dist/brain/index.js';
import { prepareSearchlight, searchlight, sphereNeighbourhoods } from '#dist/brain/searchlight/index.js';
import { membersOf } from '#dist/brain/searchlight/neighbourhoods.js';
import { makeVolume } from '#dist/formats/index.js';
import { rsmOfFeatures } from '#dist/geometry/index.js';
import { type Key, keyOf, type Matrix, matrix, Random, split } from '#dist/numerics/index.js';
import { type BenchRow, peakMb } from './row.js';

const nSubjects = 5;
const nFeatures = 30;
const level = 0.05;
/** What lies in a voxel: 0 the first model's geometry, 1 the second's, 2 noise. */
type Content = 0 | 1 | 2;

function modelNamed(name: string, nStimuli: number): FeatureSet {
  const random = new Random(split(keyOf('planted brains'), name));
  const data = Float32Array.from(
    { length: nStimuli * nFeatures },
    (_, i) => Math.max(0, random.normal()) / Math.sqrt(1 + (i % nFeatures)),
  );
  return { name, features: matrix(nStimuli, nFeatures, data) };
}

/** A voxel that follows `features` with random weights, or nothing; `share` is the share of signal in its variance. */
function voxel(features: Matrix | null, share: number, { nStimuli, key }: { nStimuli: number; key: Key }) {
  const random = new Random(key);
  const values = Float64Array.from({ length: nStimuli }, () => random.normal());
  if (!features) return values;
  const weights = Float64Array.from({ length: nFeatures }, () => random.normal());
  const signal = Float64Array.from({ length: nStimuli }, (_, t) =>
    weights.reduce((sum, weight, f) => sum + weight * features.data[t * nFeatures + f], 0),
  );
  const mean = signal.reduce((sum, value) => sum + value, 0) / nStimuli;
  const deviation = Math.sqrt(signal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / nStimuli);
  return values.map(
    (noise, t) => Math.sqrt(share) * ((signal[t] - mean) / deviation) + Math.sqrt(1 - share) * noise,
  );
}

/** nSubjects x nPlaces of both models, by content of the place. */
interface Found {
  readonly contents: readonly Content[];
  readonly scores: readonly [Matrix, Matrix];
}

function verdict(name: string, { contents, scores }: Found, detail: object): BenchRow {
  const [a, b] = scores;
  const difference = groupDifferences([b, a], { mostFlips: 0 });
  const tested = scores.map((values) => groupTests(values, { mostFlips: 0 }));
  const places = (content: Content) => contents.flatMap((value, place) => (value === content ? [place] : []));
  const share = (where: readonly number[], is: (place: number) => boolean) =>
    where.filter(is).length / where.length;
  const wonByRight =
    (share(places(0), (place) => difference.mean[place] > 0) * places(0).length +
      share(places(1), (place) => difference.mean[place] < 0) * places(1).length) /
    (places(0).length + places(1).length);
  const noise = places(2);
  const positives = tested.map(({ p }) => share(noise, (place) => p[place] < level));
  const above = tested.map(({ p, mean }) => share(noise, (place) => p[place] < level && mean[place] > 0));
  return {
    name,
    value: 100 * wonByRight,
    unit: '%',
    baseline: `none: noise has p < ${level} in ${positives.map((value) => (100 * value).toFixed(2)).join(' and ')} % of its places`,
    peakMb: peakMb(),
    detail: {
      nSubjects,
      nPlaces: contents.length,
      nNoise: noise.length,
      noiseSignificant: positives,
      noiseSignificantAbove: above,
      noiseDifferenceSignificant: share(noise, (place) => difference.p[place] < level),
      noiseSignificantAfterFdr: tested.map(({ q }) => share(noise, (place) => q[place] < level)),
      meanOfNoise: tested.map(
        ({ mean }) => noise.reduce((sum, place) => sum + mean[place], 0) / noise.length,
      ),
      ...detail,
    },
  };
}

/** Encoding of 20,000 voxels by two models in each of five subjects; a tenth of a voxel's variance is signal. */
export function plantedEncoding(name: string): BenchRow {
  const [nStimuli, nVoxels, signalShare] = [2180, 20_000, 0.1];
  const models = ['A', 'B'].map((model) => modelNamed(model, nStimuli));
  const contents = Array.from({ length: nVoxels }, (_, v) => (v % 3) as Content);
  const scores = models.map(() => matrix(nSubjects, nVoxels, new Float64Array(nSubjects * nVoxels)));
  for (let subject = 0; subject < nSubjects; subject++) {
    const data = new Float32Array(nStimuli * nVoxels);
    for (let v = 0; v < nVoxels; v++) {
      const key = split(split(keyOf('encoded voxels'), subject), v);
      const values = voxel(models[contents[v]]?.features ?? null, signalShare, { nStimuli, key });
      for (let t = 0; t < nStimuli; t++) data[t * nVoxels + v] = values[t];
    }
    const { sets } = encode(models, matrix(nStimuli, nVoxels, data), encodingPresets.p1);
    sets.forEach(({ r }, m) => {
      scores[m].data.set(r, subject * nVoxels);
    });
  }
  return verdict(name, { contents, scores: [scores[0], scores[1]] }, { nStimuli, signalShare });
}

/** Searchlights of 1,000 stimuli in five subjects, 500 centres of each kind whose spheres (radius 3) hold one kind only. */
export async function plantedSearchlight(name: string): Promise<BenchRow> {
  const [nStimuli, side, depth, signalShare, nCentresOfKind] = [1000, 19, 45, 0.05, 500];
  const models = ['A', 'B'].map((model) => modelNamed(model, nStimuli));
  const rsms = models.map(({ name: model, features }) =>
    rsmOfFeatures(features, { name: model, measure: 'correlation' }),
  );
  const affine = Float64Array.of(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1);
  const shape = [side, side, depth];
  const mask = makeVolume({ shape, affine, data: new Uint8Array(side * side * depth).fill(1) });
  const spheres = sphereNeighbourhoods(mask, { unit: 'voxels', length: 3 });
  const { nVoxels } = spheres;
  const contentOf = (v: number) => Math.floor((3 * Math.floor(v / side ** 2)) / depth) as Content;
  const all = new Uint8Array(nVoxels).fill(1);
  const inner = Array.from(spheres.centres, (_, c) => c).filter((c) => {
    const members = membersOf(spheres, c, all);
    return members.length === 123 && members.every((v) => contentOf(v) === contentOf(spheres.centres[c]));
  });
  const kinds = ([0, 1, 2] as const).map((kind) =>
    inner.filter((c) => contentOf(spheres.centres[c]) === kind),
  );
  const ranges = kinds.map((centres) => ({ first: centres[0], last: centres[0] + 2 * nCentresOfKind }));
  const chosen = kinds.map((centres, kind) => centres.filter((c) => c < ranges[kind].last));
  const contents = chosen.flatMap((centres, kind) => centres.map(() => kind as Content));
  const scores = models.map(() =>
    matrix(nSubjects, contents.length, new Float64Array(nSubjects * contents.length)),
  );
  for (let subject = 0; subject < nSubjects; subject++) {
    const patterns = {
      nStimuli,
      nVoxels,
      stimulusIds: null,
      readVoxel(v: number, target: Float64Array) {
        const key = split(split(keyOf('searched voxels'), subject), v);
        target.set(voxel(models[contentOf(v)]?.features ?? null, signalShare, { nStimuli, key }));
      },
    };
    const prepared = prepareSearchlight({ patterns, neighbourhoods: spheres, models: rsms });
    let place = 0;
    for (const [kind, range] of ranges.entries()) {
      const { correlations } = await searchlight(prepared, { range });
      for (const centre of chosen[kind]) {
        const at = (centre - range.first) * models.length;
        scores.forEach(({ data }, m) => {
          data[subject * contents.length + place] = correlations[at + m];
        });
        place++;
      }
    }
  }
  return verdict(name, { contents, scores: [scores[0], scores[1]] }, { nStimuli, signalShare, nVoxels });
}
