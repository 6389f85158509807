import type { SaturationSummary } from '../embedding/index.js';
import type { Agreement, AnswerDifferences } from '../judgments/index.js';
import type { GeometryReport, OverlapRecord } from '../report/geometry.js';
import type { JudgeReport } from '../report/index.js';
import { Artifacts } from '../study/artifacts.js';
import type { Study } from '../study/study.js';
import { comparedJudges } from './compared-judges.js';
import { type Contrast, judgeContrast } from './contrast.js';
import { hasOverlap } from './geometry/graph.js';
import { currentAlignments } from './geometry/present-alignments.js';
import {
  readAlignments,
  readComparison,
  readConsistency,
  readGeometry,
  readGraphs,
  readMaps,
} from './geometry/read.js';
import { readFitResults, readJudgeReport, readNamingResults, readSaturation } from './judge-report.js';
import type { JudgmentRecord } from './judgment-files.js';
import { paths } from './paths.js';
import type { JudgeQuality } from './quality.js';
import type { TrialsRecord } from './sample.js';
import { readStudyInputs } from './study-inputs.js';

/** What a finished study found, read back from its artifacts. */
export interface Findings {
  readonly nStimuli: number;
  /** A short name per stimulus; empty for stimuli that are never shown. */
  readonly stimulusNames: readonly string[];
  readonly trials: TrialsRecord;
  readonly judges: readonly JudgeReport[];
  readonly agreements: readonly Agreement[];
  /** What one judge sees and another does not; null with fewer than two judges. */
  readonly contrast: Contrast | null;
  /** How the geometries compare; null for some of the judges only. */
  readonly geometry: GeometryReport | null;
}

/**
 * What was found about all judges, or about some of them (then without their agreement).
 * @throws AffectomeError `artifact` for results that have not been made yet.
 */
export async function readFindings(study: Study, only?: readonly string[]): Promise<Findings> {
  const inputs = await readStudyInputs(study);
  const artifacts = new Artifacts(study.folder);
  const judges: JudgeReport[] = [];
  for (const name of only ?? Object.keys(study.options.judges))
    judges.push(await readJudgeReport(inputs, name, artifacts));
  const hidden = await inputs.readHidden();
  const { names, extra, ids } = inputs.stimuli;
  return {
    nStimuli: ids.length,
    stimulusNames: names.map((name, index) =>
      hidden[index] === 1 ? '' : [extra.emoji?.[index], name].filter(Boolean).join(' '),
    ),
    trials: await readTrialsRecord(study),
    judges,
    agreements: !only && judges.length > 1 ? await readAgreements(study) : [],
    contrast: judgeContrast(judges),
    geometry: only
      ? null
      : await readGeometry(inputs, Object.keys(study.options.judges), artifacts, {
          withRsms: false,
          isPresent: await currentAlignments(inputs, () => undefined),
        }),
  };
}

export function readTrialsRecord(study: Study): Promise<TrialsRecord> {
  return new Artifacts(study.folder).readJson(paths.trialsPlan);
}

export function readJudgmentRecord(study: Study, judge: string): Promise<JudgmentRecord> {
  return new Artifacts(study.folder).readJson(paths.judgmentSummary(judge, 'training'));
}

export function readQuality(study: Study, judge: string): Promise<JudgeQuality> {
  return new Artifacts(study.folder).readJson(paths.quality(judge));
}

export function readAgreements(study: Study): Promise<Agreement[]> {
  return new Artifacts(study.folder).readJson(paths.agreement);
}

/** Null when the study compares no judges. */
export async function readDifferences(study: Study): Promise<AnswerDifferences | null> {
  if (comparedJudges(study.options).pairs.length === 0) return null;
  return new Artifacts(study.folder).readJson(paths.differences);
}

/** Null without a saturation of the present embedding. */
export function readSaturationOf(study: Study, judge: string): Promise<SaturationSummary | null> {
  return readSaturation(new Artifacts(study.folder), judge);
}

/** How well one judge's embedding predicts. */
export async function readFit(study: Study, judge: string) {
  return {
    name: judge,
    ...(await readFitResults(await readStudyInputs(study), judge, new Artifacts(study.folder))),
  };
}

/** How one judge's components are named. */
export async function readNames(study: Study, judge: string) {
  return {
    name: judge,
    ...(await readNamingResults(await readStudyInputs(study), judge, new Artifacts(study.folder))),
  };
}

/** The comparison of all systems, without their RSMs. */
export async function readGeometryOf(study: Study): Promise<Pick<GeometryReport, 'comparison'>> {
  const inputs = await readStudyInputs(study);
  return { comparison: await readComparison(inputs, new Artifacts(study.folder), false) };
}

export async function readMapsOf(study: Study, judges: readonly string[]) {
  return readMaps(await readStudyInputs(study), judges, new Artifacts(study.folder));
}

/** The graphs of some judges, and what all judges share where it was made. */
export async function readGraphsOf(study: Study, judges: readonly string[], withOverlap: boolean) {
  const inputs = await readStudyInputs(study);
  const artifacts = new Artifacts(study.folder);
  const isShared = withOverlap && hasOverlap(inputs, Object.keys(study.options.judges));
  return {
    graphs: await readGraphs(inputs, judges, artifacts),
    overlap: isShared ? await artifacts.readJson<OverlapRecord>(paths.overlap) : null,
  };
}

export async function readConsistencyOf(study: Study) {
  return readConsistency(await readStudyInputs(study), new Artifacts(study.folder));
}

/** The alignments of the pairs that `isWanted`. */
export async function readAlignmentsOf(study: Study, isWanted: (a: string, b: string) => boolean) {
  return readAlignments(await readStudyInputs(study), new Artifacts(study.folder), { isWanted });
}
