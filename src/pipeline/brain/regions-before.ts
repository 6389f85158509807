import type { BrainOptions } from '../../brain/options.js';
import { readManifest } from '../../study/provenance.js';
import type { Step } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import type { Atlas } from './atlas.js';
import type { SubjectMaps } from './measures.js';
import { regionsStep } from './regions.js';

/**
 * The regions that a comparison reads, planned with the maps as they are now: they are made again where maps changed since. An atlas
 * that an earlier command made keeps the options of that command, and its subjects.
 */
export async function regionsBefore(
  inputs: StudyInputs,
  settings: BrainOptions,
  { name, subjects, coming }: SubjectMaps & { name: string },
): Promise<Step> {
  const made = await madeWith(inputs.study.folder, name);
  const atlas = made?.atlas ?? settings.regions[name];
  const all = [...new Set([...(made?.subjects ?? []), ...subjects])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return regionsStep(
    inputs,
    { ...settings, regions: { ...settings.regions, [name]: atlas } },
    { name, subjects: all, coming },
  );
}

interface Made {
  readonly atlas: Atlas;
  readonly subjects: readonly string[];
}

async function madeWith(folder: string, name: string): Promise<Made | null> {
  const manifest = await readManifest(folder, `brain/regions/${name}`);
  if (!manifest) return null;
  const {
    measures: _,
    subjects,
    ...atlas
  } = manifest.options as unknown as Atlas & {
    measures: unknown;
    subjects: readonly string[];
  };
  return { atlas, subjects };
}
