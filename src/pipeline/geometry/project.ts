import { weightMatrix } from '../../embedding/rsm.js';
import { alignMap } from '../../geometry/projection/procrustes.js';
import type { MapPositions } from '../../geometry/projection/project.js';
import { mapQuality } from '../../geometry/projection/quality.js';
import { artifactError } from '../../numerics/errors.js';
import type { MapRecord } from '../../report/geometry.js';
import type { Artifacts } from '../../study/artifacts.js';
import { paths } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { embeddingOf } from './systems.js';

/** The step that lays one judge's stimuli out on a map, turned onto that of the `first` judge. */
export function projectStep(inputs: StudyInputs, judge: string, first: string): Step {
  const { seed, ...options } = inputs.options.projection;
  const { method, tsne } = options;
  const work = method === 'tsne' ? `t-SNE, ${tsne.runs * tsne.iterations} iterations` : 'UMAP';
  return {
    id: `projection/${judge}`,
    version: 2,
    stage: 'project',
    judge,
    title: `Map ${judge}`,
    inputs: [
      inputs.files.stimuli,
      paths.weights(judge),
      ...(judge === first ? [] : [paths.projection(first)]),
    ],
    options: { ...options, onto: judge === first ? null : first },
    seeds: { projection: seed },
    outputs: [paths.projection(judge), paths.projectionQuality(judge)],
    estimate: { work },
    run: (context) => runProject(inputs, judge, first, context),
  };
}

async function runProject(
  inputs: StudyInputs,
  judge: string,
  first: string,
  { artifacts, signal, onProgress }: StepContext,
): Promise<void> {
  const { options, stimuli } = inputs;
  const { neighbours, ...projection } = options.projection;
  const points = weightMatrix(await embeddingOf(inputs, artifacts, judge));
  const { projectOnWorker } = await import('../../geometry/projection/project.node.js');
  const map = await projectOnWorker(points, projection, {
    ...(signal && { signal }),
    onProgress: (state) => onProgress({ ...state, task: `Map ${judge}` }),
  });
  const quality = mapQuality(points, map, { metric: projection.metric, k: neighbours });
  const onto = judge === first ? null : await readMap(artifacts, first, stimuli.ids.length);
  const aligned = onto && alignMap(map, onto);
  const { positions } = aligned ?? map;
  const record: MapRecord = {
    judge,
    method: map.method,
    perplexity: map.method === 'tsne' ? map.perplexity : null,
    divergence: map.method === 'tsne' ? map.divergence : null,
    quality,
    alignedTo: aligned && { judge: first, disparity: aligned.disparity },
  };
  await artifacts.writeTsv(
    paths.projection(judge),
    ['stimulus_id', 'x', 'y'],
    stimuli.ids.map((id, i) => [id, positions[2 * i], positions[2 * i + 1]]),
  );
  await artifacts.writeJson(paths.projectionQuality(judge), record);
}

/** @throws AffectomeError `artifact` for a map of other stimuli. */
export async function readMap(artifacts: Artifacts, judge: string, nStimuli: number): Promise<MapPositions> {
  const { rows } = await artifacts.readTable(paths.projection(judge));
  if (rows.length !== nStimuli) {
    throw artifactError({
      problem: `holds ${rows.length} stimuli; the study has ${nStimuli}.`,
      where: { file: artifacts.path(paths.projection(judge)) },
      remedy: 'Make it with: affectome project.',
    });
  }
  return { nStimuli, positions: Float64Array.from(rows.flatMap(([, x, y]) => [Number(x), Number(y)])) };
}
