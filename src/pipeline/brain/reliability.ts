import { logSpaced, mostReliable, stimulusReliability, typicalAlphas } from '../../brain/encoding/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { artifactError, inputError } from '../../numerics/errors.js';
import { quantile } from '../../numerics/statistics.js';
import type { Artifacts } from '../../study/artifacts.js';
import { sidecarOf } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { noteVoxels, requireFeatures, rowsOf } from './encode.js';
import { encodingOptionsOf } from './encode-options.js';
import type { EncodingRecord } from './encode-results.js';
import { droppedText, type FeatureSource, featureSource, matchFeatures } from './features.js';
import { brainPaths } from './paths.js';
import { type ResponsesSidecar, readResponses, responseInputs } from './responses-files.js';
import { stimulusOrder } from './stimulus-order.js';

/** `brain/<subject>/reliability.json`. */
export interface ReliabilityRecord {
  readonly subject: string;
  readonly features: string;
  readonly alpha: 'encoded' | number;
  /** Whether features were divided by their standard deviation. */
  readonly standardiseFeatures: boolean;
  readonly nStimuli: number;
  /** Voxels that entered. */
  readonly nVoxels: number;
  readonly median: number;
  readonly highest: number;
  readonly lowest: number;
}

/** The step that tells how well each stimulus's pattern is predicted when it is left out. */
export async function reliabilityStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subject, sidecar }: { subject: string; sidecar: ResponsesSidecar },
): Promise<Step> {
  const { features, alpha } = settings.reliability;
  if (features === undefined) requireFeatures(settings.features, 'reliability');
  const source = await featureSource(inputs, features ?? settings.features[0]);
  const alphas = brainPaths.encoding(subject, source.slug, 'alphas');
  return {
    id: `brain/reliability/${subject}`,
    version: 2,
    stage: 'brain',
    judge: null,
    title: `Reliability of stimuli ${subject}`,
    inputs: [
      ...responseInputs(subject, sidecar.space),
      ...source.inputs,
      ...(alpha === 'encoded' ? [alphas, sidecarOf(alphas), brainPaths.encodingSummary(subject)] : []),
    ],
    options: {
      ...{ features: source.name, alpha, stimulusOrder: stimulusOrder(inputs) },
      ...(alpha !== 'encoded' && { standardiseFeatures: standardises(settings) }),
    },
    seeds: {},
    outputs: [brainPaths.reliability(subject), brainPaths.reliabilitySummary(subject)],
    estimate: { work: `${sidecar.shape[0]} stimuli left out, one after the other, from ${source.name}` },
    run: (context) => runReliability(settings, { subject, source, alphas }, context),
  };
}

async function runReliability(
  settings: BrainOptions,
  { subject, source, alphas: file }: { subject: string; source: FeatureSource; alphas: string },
  { artifacts, note, ...watch }: StepContext,
): Promise<void> {
  const { alpha } = settings.reliability;
  const about = await readResponses(artifacts, subject);
  const features = await source.read(artifacts);
  const { rows, sets, dropped } = matchFeatures(about.stimulusIds, [{ name: source.name, ...features }]);
  for (const text of droppedText(dropped)) note(text);
  noteVoxels(about, note);
  const responses = rowsOf(about.responses, rows);
  const { alphas, standardiseFeatures } =
    alpha === 'encoded'
      ? await encodedAlphas(artifacts, { file, subject })
      : { alphas: alpha, standardiseFeatures: standardises(settings) };
  const { r, nVoxels } = stimulusReliability(sets[0], responses, { alphas, standardiseFeatures, ...watch });
  const ids = rows.map((row) => about.stimulusIds[row]);
  const order = Array.from(r.keys()).sort((a, b) => r[b] - r[a] || a - b);
  const rank = new Uint32Array(r.length);
  order.forEach((place, index) => {
    rank[place] = index + 1;
  });
  await artifacts.writeTsv(
    brainPaths.reliability(subject),
    ['stimulus_id', 'r', 'rank'],
    ids.map((id, i) => [id, Number(r[i].toFixed(6)), rank[i]]),
  );
  const sorted = r.slice().sort();
  const record: ReliabilityRecord = {
    ...{ subject, features: source.name, alpha, standardiseFeatures, nStimuli: r.length, nVoxels },
    median: quantile(sorted, 0.5),
    highest: sorted[sorted.length - 1],
    lowest: sorted[0],
  };
  await artifacts.writeJson(brainPaths.reliabilitySummary(subject), record);
}

const standardises = ({ encoding }: BrainOptions): boolean => encodingOptionsOf(encoding).standardiseFeatures;

/** One alpha per voxel, on the grid of the encoding that chose them, and how it took the features. */
async function encodedAlphas(
  artifacts: Artifacts,
  { file, subject }: { file: string; subject: string },
): Promise<{ alphas: Float64Array; standardiseFeatures: boolean }> {
  const { shape, data } = await artifacts.readNpy(file);
  const { options } = await artifacts.readJson<Partial<EncodingRecord>>(brainPaths.encodingSummary(subject));
  const { low, high, n } = options?.alphas ?? { low: 1, high: 1, n: 0 };
  const grid = logSpaced(low, high, n);
  const found = Float64Array.from(data);
  const isOnGrid = (alpha: number) => grid.some((known) => Math.abs(alpha - known) < 1e-6 * known);
  const wrong = Float64Array.from(new Set(found)).find((alpha) => !Number.isNaN(alpha) && !isOnGrid(alpha));
  if (wrong !== undefined || options?.standardiseFeatures === undefined) {
    throw artifactError({
      problem:
        wrong === undefined
          ? 'does not say whether features were standardised.'
          : `says alphas from ${low} to ${high} (${n}); ${file} holds ${wrong}.`,
      where: { file: artifacts.path(brainPaths.encodingSummary(subject)) },
      remedy: 'Encode this subject again: affectome brain encode.',
    });
  }
  const empty = new Float64Array(0);
  const set = { name: file, r: new Float64Array(shape[1]), r2: empty, foldR: empty, foldR2: empty };
  const { standardiseFeatures } = options;
  return { alphas: typicalAlphas({ ...set, alphas: found }, grid), standardiseFeatures };
}

/** The ids of the `n` most reliable stimuli of a subject. @throws AffectomeError `input` when there are fewer, unless `orFewer`. */
export async function reliableIds(
  artifacts: Artifacts,
  subject: string,
  { n, orFewer }: { n: number; orFewer: boolean },
): Promise<Set<string>> {
  const { header, rows, file } = await artifacts.readTable(brainPaths.reliability(subject));
  const [id, r] = ['stimulus_id', 'r'].map((name) => header.indexOf(name));
  if (n > rows.length && !orFewer) {
    throw inputError({
      problem: `has ${rows.length} stimuli; ${n} were asked for.`,
      where: { file },
      remedy: `Ask for reliable:${rows.length} or fewer, or for all.`,
    });
  }
  const chosen = mostReliable(
    rows.map((cells) => Number(cells[r])),
    Math.min(n, rows.length),
  );
  return new Set(Array.from(chosen, (place) => rows[place][id]));
}
