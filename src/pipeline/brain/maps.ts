import { type Scene, scenePng, sceneSvg } from '../../brain/maps/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { configError } from '../../numerics/errors.js';
import { Artifacts } from '../../study/artifacts.js';
import { hashValue } from '../../study/hashes.js';
import { sidecarOf } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { type PlannedMap, withCommonLimits } from './common-limits.js';
import { drawSlices, drawSurfaces, type MapSection, surfaceFiles } from './draw-maps.js';
import { type GroupRecord, type GroupTested, groupTested } from './group-maps.js';
import { groupPicture, noGroup, subjectPicture, thresholdOf, whyNotDrawn } from './map-rows.js';
import { type Measure, measureInputs, measuresOf, type SubjectMaps } from './measures.js';
import { requireSurfaces } from './outline-labels.js';
import { brainPaths } from './paths.js';
import { readResponsesSidecar } from './responses-files.js';

/** `brain/maps/maps.json`. */
export interface MapsRecord {
  readonly maps: readonly {
    readonly name: string;
    readonly measure: Measure;
    readonly kind: 'slices' | 'surfaces';
    readonly title: string;
    readonly caption: string;
    /** One row each, or their mean in one row. */
    readonly rows: 'subjects' | 'group';
    readonly subjects: readonly string[];
    readonly width: number;
    readonly height: number;
    readonly alt: string;
    /** Of the SVG. */
    readonly sha256: string;
  }[];
  /** Why there is nothing to draw of some subjects. */
  readonly skipped: readonly string[];
}

const subjectName = ({ kind, slug }: Measure): string => `${kind}-${slug}`;
const groupName = ({ name }: GroupTested): string => `group-${name}`;

/** The step that draws every map, as PNG and SVG. */
export async function mapsStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subjects, coming, hasGroup }: SubjectMaps & { readonly hasGroup: boolean },
): Promise<Step> {
  const { folder } = inputs.study;
  requireSurfaces(settings.maps);
  const artifacts = new Artifacts(folder);
  const all = await measuresOf(inputs, settings, { subjects, coming, artifacts });
  const { measure: wanted } = settings.maps;
  const kind = wanted === 'r' ? 'encoding' : wanted;
  const measures = all.filter((measure) => kind === 'all' || measure.kind === kind);
  const groups = await groupsOf(artifacts, settings.maps, { measures, hasGroup });
  const single = drawsSubjects(settings.maps) ? measures : [];
  const ofSubject = (subject: string) => [
    sidecarOf(brainPaths.responses(subject)),
    ...Object.values(surfaceFiles(folder, settings.maps, subject)).flat(),
    ...single.flatMap((measure) => measureInputs(measure, subject)),
  ];
  const names = [...single.map(subjectName), ...groups.map(groupName)];
  return {
    id: 'brain/maps',
    version: 3,
    stage: 'brain',
    judge: null,
    title: 'Brain maps',
    inputs: [
      ...new Set([
        ...subjects.flatMap(ofSubject),
        ...(groups.length > 0 ? [brainPaths.groupSummary] : []),
        ...groups.map(({ name }) => brainPaths.groupStatistics(name)),
      ]),
    ],
    options: { ...settings.maps, measures, subjects },
    seeds: {},
    outputs: [
      ...names.flatMap((name) => [brainPaths.map(name, 'svg'), brainPaths.map(name, 'png')]),
      brainPaths.maps,
    ],
    estimate: { work: `${names.length} maps of ${subjects.length} subjects` },
    run: (context) => runMaps({ single, groups, subjects, options: settings.maps }, context),
  };
}

const drawsSubjects = (options: MapSection): boolean =>
  options.rows !== 'group' && thresholdOf(options)?.kind !== 'q';

/** Maps across subjects that are there, or will be. */
async function groupsOf(
  artifacts: Artifacts,
  options: MapSection,
  { measures, hasGroup }: { measures: readonly Measure[]; hasGroup: boolean },
): Promise<GroupTested[]> {
  const isNeeded = options.rows === 'group' || thresholdOf(options)?.kind === 'q';
  if (options.rows === 'subjects') {
    if (!isNeeded) return [];
    throw configError({
      problem: 'q is of the group: single subjects have none.',
      where: { field: 'brain.maps.threshold' },
      remedy: 'Leave out rows: subjects, or give a number.',
    });
  }
  if (hasGroup) return groupTested(measures);
  const isThere = await artifacts.exists(brainPaths.groupSummary);
  const record = isThere ? await artifacts.readJson<GroupRecord>(brainPaths.groupSummary) : null;
  if (isNeeded && !record?.space) throw noGroup(record?.skipped ?? '');
  const isDrawn = ({ kind, slug }: Measure) => measures.some((one) => one.kind === kind && one.slug === slug);
  return (record?.maps ?? [])
    .filter(({ measure }) => isDrawn(measure))
    .map(({ name, measure, minus }) => ({ name, measure, minus }));
}

interface MapsRequest {
  readonly single: readonly Measure[];
  readonly groups: readonly GroupTested[];
  readonly subjects: readonly string[];
  readonly options: MapSection;
}

async function runMaps(request: MapsRequest, context: StepContext): Promise<void> {
  const { single, groups, options } = request;
  const { artifacts, note, onProgress } = context;
  const isSurface = options.surfaces.length + options.flat.length > 0;
  const threshold = thresholdOf(options);
  const { subjects, skipped } = await sortOut(artifacts, request, isSurface);
  const group = groups.length > 0 ? await groupOf(artifacts, isSurface) : null;
  if (group?.why) skipped.push(group.why);
  for (const text of skipped) note(text);
  const maps: MapsRecord['maps'][number][] = [];
  const kind = isSurface ? 'surfaces' : 'slices';
  const total = single.length + groups.length;
  const draw = async ({ about, picture }: PlannedMap) => {
    const placed = { ...picture, options };
    const scene = isSurface ? await drawSurfaces(artifacts, placed) : await drawSlices(placed);
    const sha256 = await writePicture(artifacts, about.name, scene);
    const { width, height, alt } = scene;
    const { title, caption } = picture;
    maps.push({ ...about, kind, title, caption, width, height, alt, sha256 });
    onProgress({ task: 'Brain maps', done: maps.length, total, unit: 'maps' });
  };
  const planned: PlannedMap[] = [];
  for (const measure of subjects.length > 0 ? single : []) {
    const about = { name: subjectName(measure), measure, rows: 'subjects', subjects } as const;
    const picture = await subjectPicture(artifacts, measure, { subjects, threshold });
    planned.push({ about, isDifference: false, picture });
  }
  if (group && !group.why) {
    const { record } = group;
    for (const tested of groups) {
      const { measure } = tested;
      const about = { name: groupName(tested), measure, rows: 'group', subjects: record.subjects } as const;
      const picture = await groupPicture(artifacts, tested, { record, threshold });
      planned.push({ about, isDifference: tested.minus !== null, picture });
    }
  }
  for (const one of withCommonLimits(planned, options.limits)) await draw(one);
  await artifacts.writeJson(brainPaths.maps, { maps, skipped } satisfies MapsRecord);
}

/** The hash of the SVG. */
async function writePicture(artifacts: Artifacts, name: string, scene: Scene): Promise<string> {
  const svg = sceneSvg(scene);
  await artifacts.writeText(brainPaths.map(name, 'svg'), svg);
  await artifacts.writeBytes(brainPaths.map(name, 'png'), scenePng(scene));
  return hashValue(svg);
}

/** The tests across subjects, and why they are not drawn. */
async function groupOf(artifacts: Artifacts, isSurface: boolean) {
  const record = await artifacts.readJson<GroupRecord>(brainPaths.groupSummary);
  const why = record.space ? whyNotDrawn(record.space, isSurface) : record.skipped;
  return { record, why: why && record.space ? `the group is not drawn: ${why}` : why };
}

async function sortOut(artifacts: Artifacts, { subjects, single }: MapsRequest, isSurface: boolean) {
  const drawable: string[] = [];
  const skipped: string[] = [];
  for (const subject of single.length > 0 ? subjects : []) {
    const { space } = await readResponsesSidecar(artifacts, subject);
    const why = whyNotDrawn(space, isSurface);
    if (why === null) drawable.push(subject);
    else skipped.push(`${subject} is not drawn: ${why}`);
  }
  return { subjects: drawable, skipped };
}
