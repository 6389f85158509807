import { availableParallelism } from 'node:os';
import { type BrainOptions, subjectFolder } from '../../brain/options.js';
import { configError } from '../../numerics/errors.js';
import { Artifacts } from '../../study/artifacts.js';
import type { Step } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { chosenStimuli } from './chosen-stimuli.js';
import { compareStep, comparesRegions, requireGroup } from './compare.js';
import { encodeWork } from './encode.js';
import { groupMapsId, groupMapsStep } from './group-maps.js';
import { type LongKind, type LongWork, longStep } from './long-work.js';
import { mapsStep } from './maps.js';
import type { SubjectMaps } from './measures.js';
import { brainPaths } from './paths.js';
import { regionsStep } from './regions.js';
import { regionsBefore } from './regions-before.js';
import { reliabilityStep } from './reliability.js';
import { responsesSteps } from './responses.js';
import {
  chooseSubjects,
  presentSubjects,
  type ResponsesSidecar,
  readResponsesSidecar,
} from './responses-files.js';
import { searchlightWork } from './searchlight.js';

/** The parts of the work on brains, in the order they run; each has a subcommand of the same name. */
export const brainParts = [
  'responses',
  'encode',
  'reliability',
  'searchlight',
  'regions',
  'compare',
  'map',
] as const;
export type BrainPart = (typeof brainParts)[number];

/** What `affectome run` does for the `brain:` section: everything that it says enough about. */
export async function brainStepsOfStudy(inputs: StudyInputs): Promise<Step[]> {
  const settings = inputs.options.brain;
  if (!settings) return [];
  const { features, searchlight, regions } = settings;
  const hasMaps = features.length + searchlight.models.length > 0;
  const isReliable = searchlight.models.length > 0 && searchlight.stimuli.startsWith('reliable:');
  const asked: Record<BrainPart, boolean> = {
    // What study.yaml leaves open was said by flags once.
    responses: settings.responses?.bids !== undefined && settings.responses.task !== undefined,
    encode: features.length > 0,
    reliability: features.length > 0 && (isReliable || settings.reliability.features !== undefined),
    searchlight: searchlight.models.length > 0,
    regions: hasMaps && Object.keys(regions).length > 0,
    compare: hasMaps,
    map: hasMaps,
  };
  return brainSteps(
    inputs,
    settings,
    brainParts.filter((part) => asked[part]),
  );
}

/** The steps of some parts, subject after subject. */
export async function brainSteps(
  inputs: StudyInputs,
  settings: BrainOptions,
  parts: readonly BrainPart[],
  nWorkers: number = availableParallelism(),
): Promise<Step[]> {
  const wants = (part: BrainPart) => parts.includes(part);
  const made = wants('responses') ? await responsesSteps(inputs, settings) : [];
  const subjects = await subjectsOf(inputs, settings, made);
  const steps = [...made];
  if (parts.every((part) => part === 'responses')) return steps;
  if (subjects.length === 0) throw noResponses();
  const stimuli = await chosenStimuli(settings.searchlight.stimuli, {
    ...{ subjects, isComing: wants('reliability') },
    artifacts: new Artifacts(inputs.study.folder),
  });
  for (const subject of subjects) {
    const expected = await expectedSidecar(inputs, settings, { subject, made });
    const context = { expected, nWorkers };
    if (wants('encode'))
      steps.push(
        await longStep(subject, (sidecar) => encodeWork(inputs, settings, { subject, sidecar }), context),
      );
    if (wants('reliability'))
      steps.push(await reliabilityStep(inputs, settings, { subject, sidecar: expected }));
    if (wants('searchlight'))
      steps.push(
        await longStep(
          subject,
          (sidecar) => searchlightWork(inputs, settings, { subject, sidecar, stimuli }),
          context,
        ),
      );
  }
  const coming = [
    ...(wants('encode') ? (['encoding'] as const) : []),
    ...(wants('searchlight') ? (['searchlight'] as const) : []),
  ];
  if (wants('regions')) {
    const names = Object.keys(settings.regions);
    if (names.length === 0) throw noAtlas();
    for (const name of names) steps.push(await regionsStep(inputs, settings, { name, subjects, coming }));
  }
  if (wants('compare') && (subjects.length > 1 || parts.length === 1))
    steps.push(...(await compareSteps(inputs, settings, { subjects, coming, steps })));
  if (wants('map')) {
    const hasGroup = steps.some(({ id }) => id === groupMapsId);
    steps.push(await mapsStep(inputs, settings, { subjects, coming, hasGroup }));
  }
  return steps;
}

/** By region where there are any, and place by place. */
async function compareSteps(
  inputs: StudyInputs,
  settings: BrainOptions,
  { steps, ...about }: SubjectMaps & { steps: readonly Step[] },
): Promise<Step[]> {
  requireGroup(about.subjects);
  const artifacts = new Artifacts(inputs.study.folder);
  if (!(await comparesRegions(artifacts, settings))) return [await groupMapsStep(inputs, settings, about)];
  const compare = await compareStep(inputs, settings, about);
  const name = compare.id.replace('brain/compare/', '');
  const isPlanned = steps.some(({ id }) => id === `brain/regions/${name}`);
  const before = isPlanned ? [] : [await regionsBefore(inputs, settings, { ...about, name })];
  return [...before, compare, await groupMapsStep(inputs, settings, about)];
}

/** The works of one kind, for shards: responses must be there. */
export async function longWorks(
  inputs: StudyInputs,
  settings: BrainOptions,
  kind: LongKind,
): Promise<LongWork[]> {
  const artifacts = new Artifacts(inputs.study.folder);
  const subjects = chooseSubjects(await presentSubjects(inputs.study.folder), settings.subjects);
  if (subjects.length === 0) throw noResponses();
  const make = kind === 'encode' ? encodeWork : searchlightWork;
  const works: LongWork[] = [];
  const about = { artifacts, subjects, isComing: false };
  const stimuli = await chosenStimuli(settings.searchlight.stimuli, about);
  for (const subject of subjects) {
    const sidecar = await readResponsesSidecar(artifacts, subject);
    works.push(await make(inputs, settings, { subject, sidecar, stimuli }));
  }
  return works;
}

const noResponses = () =>
  configError({
    problem: 'There are no responses of any subject in this study yet.',
    where: { field: 'brain' },
    remedy:
      'Make them from recordings that fMRIPrep has prepared (affectome brain responses --bids DIR --task TASK), or take ready ones: affectome brain import FILE --subject 01.',
  });

const noAtlas = () =>
  configError({
    problem: 'No atlas is named, neither here nor in study.yaml.',
    where: { field: 'brain.regions' },
    remedy: 'Name a file of labels: affectome brain regions --labels FILE, or under brain: in study.yaml.',
  });

/** Subjects that are there, and those whose responses are made first. */
async function subjectsOf(
  { study }: StudyInputs,
  { subjects }: BrainOptions,
  made: readonly Step[],
): Promise<string[]> {
  const coming = made.map(({ id }) => id.split('/').at(-1)!);
  const present = await presentSubjects(study.folder);
  const all = [...new Set([...present, ...coming])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return chooseSubjects(all, subjects);
}

/** What is known of a subject's responses before they are made. */
async function expectedSidecar(
  { study, stimuli }: StudyInputs,
  { responses }: BrainOptions,
  { subject, made }: { subject: string; made: readonly Step[] },
): Promise<ResponsesSidecar> {
  const artifacts = new Artifacts(study.folder);
  const isComing = made.some(({ id }) => id.endsWith(`/${subjectFolder(subject)}`));
  if (await artifacts.exists(brainPaths.responses(subject).replace(/\.npy$/, '.json')))
    return readResponsesSidecar(artifacts, subject);
  if (!isComing || !responses) throw noResponses();
  const mask = brainPaths.mask(subject);
  return {
    description: '',
    shape: [stimuli.ids.length, 0],
    dtype: 'float32',
    axes: [{ axis: 'stimulus', labels: stimuli.ids }, { axis: 'voxel' }],
    source: '',
    runs: null,
    repeats: null,
    counts: { nConstant: 0, nNotFinite: 0 },
    space:
      responses.kind === 'volume'
        ? { kind: 'volume', mask, shape: [], affine: [] }
        : responses.kind === 'surface'
          ? { kind: 'surface', space: responses.space ?? '', nLeft: 0, nRight: 0 }
          : { kind: 'cifti', nGrayordinates: 0, models: [] },
  };
}
