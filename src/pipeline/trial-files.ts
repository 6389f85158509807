import type { Artifacts } from '../study/artifacts.js';
import type { StudyOptions } from '../study/options.js';
import type { TrialSet, Trials } from '../trials/trials.js';
import { paths } from './paths.js';

/** The sets of trials that a study asks for. */
export function setsOf({ trials }: StudyOptions): TrialSet[] {
  const sets: TrialSet[] = ['training'];
  if (trials.validation) sets.push('validation');
  if (trials.noiseCeiling) sets.push('ceiling');
  return sets;
}

const meaning: Record<TrialSet, string> = {
  training: 'Trials that embeddings are learned from.',
  validation: 'Trials between prototypes, never trained on.',
  ceiling: 'Trials asked repeatedly, for the noise ceiling.',
};

export async function writeTrials(
  artifacts: Artifacts,
  set: TrialSet,
  { nTrials, triplets, shownOrder }: Trials,
): Promise<void> {
  await artifacts.writeNpy(paths.triplets(set), triplets, [nTrials, 3], {
    description: `${meaning[set]} Stimulus indices from 0, ascending in each trial.`,
    axes: [{ axis: 'trial' }, { axis: 'place', labels: ['i', 'j', 'k'] }],
  });
  await artifacts.writeNpy(paths.shownOrder(set), shownOrder, [nTrials], {
    description:
      'Shown order of each trial: 0 = ijk, 1 = ikj, 2 = jik, 3 = jki, 4 = kij, 5 = kji (first, second, third position); 255 = not recorded.',
    axes: [{ axis: 'trial' }],
  });
}

export async function readTrials(artifacts: Artifacts, set: TrialSet, nStimuli: number): Promise<Trials> {
  const triplets = await artifacts.readArray(paths.triplets(set), Uint32Array, [null, 3]);
  const nTrials = triplets.length / 3;
  const shownOrder = await artifacts.readArray(paths.shownOrder(set), Uint8Array, [nTrials]);
  return { nStimuli, nTrials, triplets, shownOrder };
}
