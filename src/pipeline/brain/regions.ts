import { regionMeans } from '../../brain/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { Artifacts } from '../../study/artifacts.js';
import { sidecarOf } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { type Atlas, atlasFiles, readRegions } from './atlas.js';
import { type Measure, measureInputs, measuresOf, readMeasure, type SubjectMaps } from './measures.js';
import { brainPaths } from './paths.js';
import { readResponsesSidecar } from './responses-files.js';

/** One map in one region of one subject. */
export interface RegionValue {
  readonly kind: Measure['kind'];
  readonly set: string;
  readonly subject: string;
  readonly region: string;
  readonly nVoxels: number;
  readonly nMissing: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** `brain/regions/<atlas>.json`. */
export interface RegionsRecord {
  readonly atlas: string;
  readonly subjects: readonly string[];
  readonly measures: readonly Measure[];
  readonly regions: readonly string[];
  readonly values: readonly RegionValue[];
  /** Labels without a name, in any subject: they belong to no region. */
  readonly unknown: readonly { readonly subject: string; readonly key: number; readonly nPlaces: number }[];
  readonly missing: readonly { readonly region: string; readonly area: string }[];
  readonly warnings: readonly string[];
}

/** The step that averages every map over the regions of an atlas. */
export async function regionsStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { name, subjects, coming }: SubjectMaps & { name: string },
): Promise<Step> {
  const atlas = settings.regions[name];
  const { folder } = inputs.study;
  const measures = await measuresOf(inputs, settings, { subjects, coming, artifacts: new Artifacts(folder) });
  const ofSubject = (subject: string) => [
    sidecarOf(brainPaths.responses(subject)),
    ...atlasFiles(folder, atlas, subject),
    ...measures.flatMap((measure) => measureInputs(measure, subject)),
  ];
  return {
    id: `brain/regions/${name}`,
    version: 1,
    stage: 'brain',
    judge: null,
    title: `Regions ${name}`,
    inputs: [...new Set(subjects.flatMap(ofSubject))],
    options: { ...atlas, measures, subjects },
    seeds: {},
    outputs: [brainPaths.regions(name), brainPaths.regionsSummary(name)],
    estimate: { work: `${measures.length} maps of ${subjects.length} subjects` },
    run: (context) => runRegions({ name, atlas, subjects, measures }, context),
  };
}

interface RegionsRequest {
  readonly name: string;
  readonly atlas: Atlas;
  readonly subjects: readonly string[];
  readonly measures: readonly Measure[];
}

async function runRegions(
  { name, atlas, subjects, measures }: RegionsRequest,
  { artifacts, note, onProgress }: StepContext,
): Promise<void> {
  const values: RegionValue[] = [];
  const unknown: RegionsRecord['unknown'][number][] = [];
  const found = new Set<string>();
  const warnings = new Set<string>();
  const missing = new Map<string, RegionsRecord['missing'][number]>();
  for (const [done, subject] of subjects.entries()) {
    const { space } = await readResponsesSidecar(artifacts, subject);
    const regions = await readRegions(artifacts, atlas, { subject, space });
    for (const one of regions.missing) missing.set(`${one.region}\t${one.area}`, one);
    for (const warning of regions.warnings) warnings.add(warning);
    unknown.push(...regions.unknown.map((one) => ({ subject, ...one })));
    for (const measure of measures) {
      const map = await readMeasure(artifacts, measure, subject);
      for (const { region, ...mean } of regionMeans(map, regions)) {
        found.add(region);
        values.push({ kind: measure.kind, set: measure.name, subject, region, ...mean });
      }
    }
    onProgress({ task: `Regions ${name}`, done: done + 1, total: subjects.length, unit: 'subjects' });
  }
  const absent = [...missing.values()];
  tell({ unknown, missing: absent, warnings: [...warnings], values }, note);
  await artifacts.writeTsv(
    brainPaths.regions(name),
    ['measure', 'features', 'subject', 'region', 'n_voxels', 'n_missing', 'mean', 'sd'],
    values.map((one) => [
      ...[one.kind, one.set, one.subject, one.region, one.nVoxels, one.nMissing],
      ...[cell(one.mean), cell(one.standardDeviation)],
    ]),
  );
  const record: RegionsRecord = {
    ...{ atlas: name, subjects, measures, regions: [...found], values, unknown },
    missing: absent,
    warnings: [...warnings],
  };
  await artifacts.writeJson(brainPaths.regionsSummary(name), record);
}

/** A number with six places, or n/a. */
export const cell = (value: number): string | number =>
  Number.isFinite(value) ? Number(value.toFixed(6)) : value === Number.POSITIVE_INFINITY ? 'inf' : 'n/a';

function tell(
  { unknown, missing, warnings, values }: Pick<RegionsRecord, 'unknown' | 'missing' | 'warnings' | 'values'>,
  note: (text: string) => void,
): void {
  for (const warning of warnings) note(warning);
  const strays = [...new Set(unknown.map(({ key }) => key))];
  if (strays.length > 0) {
    const nPlaces = unknown.reduce((sum, one) => sum + one.nPlaces, 0);
    note(`labels without a name belong to no region: ${strays.join(', ')} (${nPlaces} voxels)`);
  }
  if (missing.length > 0)
    note(
      `areas that no label names: ${missing.map(({ region, area }) => `${area} of ${region}`).join(', ')}`,
    );
  const empty = [...new Set(values.filter(({ nVoxels }) => nVoxels === 0).map(({ region }) => region))];
  if (empty.length > 0) note(`regions without a voxel that has a result: ${empty.join(', ')}`);
}
