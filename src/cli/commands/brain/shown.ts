import type { EncodingRecord } from '../../../pipeline/brain/encode-results.js';
import type { MapsRecord } from '../../../pipeline/brain/maps.js';
import { brainPaths } from '../../../pipeline/brain/paths.js';
import type { RegionsRecord } from '../../../pipeline/brain/regions.js';
import type { ReliabilityRecord } from '../../../pipeline/brain/reliability.js';
import { readResponsesSidecar } from '../../../pipeline/brain/responses-files.js';
import type { SearchlightRecord } from '../../../pipeline/brain/searchlight-results.js';
import { Artifacts } from '../../../study/artifacts.js';
import type { Execution } from '../../execute.js';
import { correlation, count, counted } from '../../wording.js';
import { type BrainShown, subjectsOf } from './brain-command.js';
import { modelPairLine, partitionLines } from './shown-lines.js';

const artifactsOf = ({ study }: Execution): Artifacts => new Artifacts(study.folder);

/** Files of one kind for all subjects of a run. */
async function recordsOf<T>(execution: Execution, pathOf: (subject: string) => string): Promise<T[]> {
  const artifacts = artifactsOf(execution);
  return Promise.all(subjectsOf(execution).map((subject) => artifacts.readJson<T>(pathOf(subject))));
}

export async function responsesShown(execution: Execution): Promise<BrainShown> {
  const artifacts = artifactsOf(execution);
  const subjects = subjectsOf(execution);
  const found = await Promise.all(subjects.map((subject) => readResponsesSidecar(artifacts, subject)));
  const lines = found.map(({ shape, counts }, s) => {
    const { nConstant, nNotFinite } = counts;
    const odd = [
      ...(nConstant > 0 ? [`${count(nConstant)} constant`] : []),
      ...(nNotFinite > 0 ? [`${count(nNotFinite)} not finite`] : []),
    ];
    return `${subjects[s]}: ${count(shape[0])} stimuli x ${count(shape[1])} voxels${odd.length > 0 ? ` (${odd.join(', ')})` : ''}`;
  });
  const results = found.map(({ shape, counts, source, space }, s) => ({
    ...{ subject: subjects[s], nStimuli: shape[0], nVoxels: shape[1], ...counts, source, space: space.kind },
    file: artifacts.path(brainPaths.responses(subjects[s])),
  }));
  return { lines, results };
}

export async function encodingShown(execution: Execution): Promise<BrainShown> {
  const records = await recordsOf<EncodingRecord>(execution, brainPaths.encodingSummary);
  const lines = records.flatMap(({ subject, nUsable, nFolds, sets, partitions, ceiling }) => [
    `${subject}: ${count(nUsable)} voxels, ${nFolds} folds`,
    ...sets.map(
      ({ name, medianR, topR, bestR }) =>
        `  ${name}: median r ${correlation(medianR)}, best 1 % above ${correlation(topR)}, best ${correlation(bestR)}`,
    ),
    ...(ceiling
      ? [
          `  noise ceiling (${counted(ceiling.nRepeats, 'repeat')} of ${count(ceiling.nStimuli)} stimuli): median r ${correlation(ceiling.medianR)}, best 1 % above ${correlation(ceiling.topR)}`,
        ]
      : []),
    ...partitions.flatMap(partitionLines),
  ]);
  return { lines, results: records };
}

export async function reliabilityShown(execution: Execution): Promise<BrainShown> {
  const records = await recordsOf<ReliabilityRecord>(execution, brainPaths.reliabilitySummary);
  const lines = records.map(
    ({ subject, nStimuli, nVoxels, median, highest, lowest }) =>
      `${subject}: ${counted(nStimuli, 'stimulus').replace('stimuluss', 'stimuli')} over ${count(nVoxels)} voxels: median r ${correlation(median)}, from ${correlation(lowest)} to ${correlation(highest)} · ${brainPaths.reliability(subject)}`,
  );
  return { lines, results: records };
}

export async function searchlightShown(execution: Execution): Promise<BrainShown> {
  const records = await recordsOf<SearchlightRecord>(execution, brainPaths.searchlightSummary);
  const lines = records.flatMap((record) => {
    const { subject, counts, nCentres, nStimuli, correlation: kind, models } = record;
    const skipped = Object.entries(counts).filter(([outcome, n]) => outcome !== 'compared' && n > 0);
    const why = skipped.map(([outcome, n]) => `${count(n)} ${outcome}`).join(', ');
    return [
      `${subject}: ${count(counts.compared)} of ${count(nCentres)} centres, ${count(nStimuli)} stimuli, ${kind}${why ? ` (skipped: ${why})` : ''}`,
      ...models.map(
        ({ name, median, best, medianPartial }) =>
          `  ${name}: median ${correlation(median)}, best ${correlation(best)}${medianPartial === null ? '' : `; partial: median ${correlation(medianPartial)}`}`,
      ),
      ...modelPairLine(record),
    ];
  });
  return { lines, results: records };
}

export async function regionsShown(execution: Execution): Promise<BrainShown> {
  const artifacts = artifactsOf(execution);
  const atlases = execution.steps.map(({ id }) => id.replace('brain/regions/', ''));
  const records = await Promise.all(
    atlases.map((atlas) => artifacts.readJson<RegionsRecord>(brainPaths.regionsSummary(atlas))),
  );
  const lines = records.map(
    ({ atlas, regions, subjects, measures }) =>
      `${atlas}: ${counted(regions.length, 'region')}, ${counted(subjects.length, 'subject')}, ${counted(measures.length, 'map')} · ${brainPaths.regions(atlas)}`,
  );
  const results = records.map(({ values: _, ...record }) => record);
  return { lines, results };
}

export async function mapsShown(execution: Execution): Promise<BrainShown> {
  const artifacts = artifactsOf(execution);
  const { maps, skipped } = await artifacts.readJson<MapsRecord>(brainPaths.maps);
  const files = maps.map(({ name }) => brainPaths.map(name, 'png'));
  const lines = files.map((file) => `Map  ${artifacts.path(file)}`);
  return { lines, results: { maps, skipped, files } };
}
