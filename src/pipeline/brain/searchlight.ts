import type { BrainOptions } from '../../brain/options.js';
import {
  joinSearchlightParts,
  type PreparedSearchlight,
  prepareSearchlight,
  type SearchlightPart,
  searchlightMap,
  searchlightPatterns,
} from '../../brain/searchlight/index.js';
import { comparePartsOnWorkers } from '../../brain/searchlight/searchlight.node.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { withSidecars } from '../paths.js';
import type { StudyInputs } from '../study-inputs.js';
import { type ChosenStimuli, chosenRows, chosenText } from './chosen-stimuli.js';
import { noteVoxels } from './encode.js';
import type { LoadedWork, LongWork } from './long-work.js';
import { modelSource } from './models.js';
import { partialOutputs, requireIndependent, requirePartial } from './partial-maps.js';
import { brainPaths } from './paths.js';
import { mapFiles, type ResponsesSidecar, readResponses, responseInputs } from './responses-files.js';
import { neighbourhoodsOf, reachOf, searchlightSurfaces } from './searchlight-places.js';
import {
  blockCentres,
  partOfRecord,
  recordOfPart,
  type SearchlightRequest,
  writeSearchlight,
} from './searchlight-results.js';
import { stimulusOrder } from './stimulus-order.js';

/** Models, or the features that stand for them. */
export function searchlightModels({ searchlight, features }: BrainOptions): readonly string[] {
  const models =
    searchlight.models.length > 0 ? searchlight.models : features.filter((name) => !name.includes('+'));
  if (models.length > 0) return models;
  throw configError({
    problem: 'There are no models to compare with.',
    where: { field: 'brain.searchlight.models' },
    remedy: 'Name judges, rating tables or square .npy files: affectome brain searchlight --models a,b.',
  });
}

/** The work of comparing the geometry around every voxel of one subject with every model. */
export async function searchlightWork(
  inputs: StudyInputs,
  settings: BrainOptions,
  {
    subject,
    sidecar,
    stimuli: chosen,
  }: { subject: string; sidecar: ResponsesSidecar; stimuli: ChosenStimuli },
): Promise<LongWork> {
  const { searchlight } = settings;
  const { space } = sidecar;
  const surfaces = searchlightSurfaces(inputs.study.folder, searchlight, { subject, space });
  const names = searchlightModels(settings);
  const sources = await Promise.all(names.map((name) => modelSource(inputs, name)));
  const reach = reachOf(searchlight.radius, space);
  const nCentres = sidecar.shape[1];
  const { surfaces: _, ...options } = searchlight;
  const slugs = sources.map(({ slug }) => slug);
  if (searchlight.partial) requirePartial(names, searchlight.correlation);
  return {
    id: `brain/searchlight/${subject}`,
    version: 1,
    stage: 'brain',
    judge: null,
    title: `Searchlight ${subject}`,
    kind: 'searchlight',
    subject,
    nBlocks: Math.ceil(nCentres / blockCentres),
    nItems: nCentres,
    unit: 'centres',
    inputs: [
      ...new Set([
        ...responseInputs(subject, space),
        ...surfaces,
        ...sources.flatMap((source) => source.inputs),
        ...(chosen.kind === 'all' ? [] : [brainPaths.reliability(subject)]),
      ]),
    ],
    options: {
      ...{ ...options, models: names, radius: reach },
      ...{ stimuli: chosenText(chosen), stimulusOrder: stimulusOrder(inputs) },
    },
    seeds: {},
    outputs: [
      ...withSidecars(brainPaths.searchlight(subject), brainPaths.searchlightVoxels(subject)),
      ...slugs.flatMap((slug) => mapFiles(brainPaths.searchlightMap(subject, slug), space)),
      ...(searchlight.partial ? partialOutputs(subject, slugs, space) : []),
      brainPaths.searchlightSummary(subject),
    ],
    estimate: {
      work: `${nCentres > 0 ? nCentres.toLocaleString('en-US') : 'all'} centres, ${names.join(', ')}`,
    },
    load: (artifacts, { note, signal }) =>
      load(artifacts, {
        subject,
        sources,
        settings,
        reach,
        surfaces,
        chosen,
        note,
        ...(signal && { signal }),
      }),
  };
}

interface LoadSearchlight extends SearchlightRequest {
  readonly surfaces: readonly string[];
  readonly signal?: AbortSignal;
  note(text: string): void;
}

async function load(artifacts: Artifacts, request: LoadSearchlight): Promise<LoadedWork> {
  const { subject, sources, settings, chosen, signal, note } = request;
  const about = await readResponses(artifacts, subject);
  const models = await Promise.all(sources.map((source) => source.read(artifacts)));
  const stimuli = await chosenRows(artifacts, about, { chosen, note });
  const { correlation, precision, minimumVoxels } = settings.searchlight;
  const prepared = prepareSearchlight(
    {
      patterns: searchlightPatterns(about.responses, about.stimulusIds),
      neighbourhoods: await neighbourhoodsOf(artifacts, about, request),
      models,
      ...(stimuli && { stimuli }),
    },
    { correlation, precision, minimumVoxels },
    signal ? { signal } : {},
  );
  if (settings.searchlight.partial) requireIndependent(prepared);
  noteVoxels(about, note);
  noteDropped(prepared, note);
  const { nCentres } = prepared.facts;
  const nModels = models.length;
  const sizeOf = (block: number) => Math.min(blockCentres, nCentres - block * blockCentres);
  return {
    bytes: prepared.problem.memory.buffer.byteLength + about.responses.data.byteLength,
    lengthOf: (block) => sizeOf(block) * (nModels + 2) + 1,
    nItemsOf: sizeOf,
    compute: async (blocks, watch) => {
      const ranges = [...blocks]
        .sort((one, other) => one - other)
        .map((block) => ({ first: block * blockCentres, last: block * blockCentres + sizeOf(block) }));
      await comparePartsOnWorkers(prepared, ranges, {
        nWorkers: watch.nWorkers,
        ...(watch.signal && { signal: watch.signal }),
        onPart: collector(blocks, { sizeOf, onBlock: watch.onBlock }),
      });
    },
    write: async (files, records) => {
      const parts = records.map((record, block) =>
        partOfRecord(record, { block, nCentres: sizeOf(block), nModels }),
      );
      await writeSearchlight(files, request, {
        about,
        map: searchlightMap(prepared, joinSearchlightParts(parts)),
      });
    },
  };
}

function noteDropped({ facts }: PreparedSearchlight, note: (text: string) => void): void {
  for (const { model, absent } of facts.dropped)
    if (absent.length > 0)
      note(
        `${absent.length} stimuli are left out: model ${model} does not have ${absent.slice(0, 3).join(', ')}`,
      );
}

interface Collecting {
  sizeOf(block: number): number;
  onBlock(block: number, record: Float64Array): void;
}

/** Workers finish short parts; a block is whole when all its parts are there. */
function collector(
  blocks: readonly number[],
  { sizeOf, onBlock }: Collecting,
): (part: SearchlightPart) => void {
  const waiting = new Map<number, SearchlightPart[]>(blocks.map((block) => [block, []]));
  return (part) => {
    const block = Math.floor(part.firstCentre / blockCentres);
    const parts = waiting.get(block)!;
    parts.push(part);
    if (parts.reduce((sum, { nCentres }) => sum + nCentres, 0) < sizeOf(block)) return;
    waiting.delete(block);
    onBlock(block, recordOfPart(joinSearchlightParts(parts)));
  };
}
