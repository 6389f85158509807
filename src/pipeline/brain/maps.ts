import { scenePng, sceneSvg } from '../../brain/maps/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { Artifacts } from '../../study/artifacts.js';
import { sidecarOf } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { type Drawable, drawSlices, drawSurfaces, type MapSection, surfaceFiles } from './draw-maps.js';
import { type Measure, measureInputs, measuresOf, type SubjectMaps } from './measures.js';
import { brainPaths } from './paths.js';
import { type ResponseSpace, readMask, readResponsesSidecar } from './responses-files.js';

/** `brain/maps/maps.json`. */
export interface MapsRecord {
  readonly maps: readonly {
    readonly name: string;
    readonly measure: Measure;
    readonly kind: 'slices' | 'surfaces';
    readonly subjects: readonly string[];
    readonly width: number;
    readonly height: number;
    readonly alt: string;
  }[];
  /** Why there is nothing to draw of some subjects. */
  readonly skipped: readonly string[];
}

const mapName = ({ kind, slug }: Measure): string => `${kind}-${slug}`;

/** The step that draws every map, as PNG and SVG. */
export async function mapsStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subjects, coming }: SubjectMaps,
): Promise<Step> {
  const { folder } = inputs.study;
  const all = await measuresOf(inputs, settings, { subjects, coming, artifacts: new Artifacts(folder) });
  const { measure: wanted } = settings.maps;
  const kind = wanted === 'r' ? 'encoding' : wanted;
  const measures = all.filter((measure) => kind === 'all' || measure.kind === kind);
  const ofSubject = (subject: string) => [
    sidecarOf(brainPaths.responses(subject)),
    ...Object.values(surfaceFiles(folder, settings.maps, subject)).flat(),
    ...measures.flatMap((measure) => measureInputs(measure, subject)),
  ];
  return {
    id: 'brain/maps',
    version: 1,
    stage: 'brain',
    judge: null,
    title: 'Brain maps',
    inputs: [...new Set(subjects.flatMap(ofSubject))],
    options: { ...settings.maps, measures, subjects },
    seeds: {},
    outputs: [
      ...measures.flatMap((measure) => [
        brainPaths.map(mapName(measure), 'svg'),
        brainPaths.map(mapName(measure), 'png'),
      ]),
      brainPaths.maps,
    ],
    estimate: { work: `${measures.length} maps of ${subjects.length} subjects` },
    run: (context) => runMaps({ measures, subjects, options: settings.maps }, context),
  };
}

interface MapsRequest {
  readonly measures: readonly Measure[];
  readonly subjects: readonly string[];
  readonly options: MapSection;
}

async function runMaps(request: MapsRequest, { artifacts, note, onProgress }: StepContext): Promise<void> {
  const { measures, options } = request;
  const isSurface = options.surfaces.length + options.flat.length > 0;
  const { drawable, skipped } = await sortOut(artifacts, request, isSurface);
  for (const text of skipped) note(text);
  const maps: MapsRecord['maps'][number][] = [];
  for (const measure of drawable.length > 0 ? measures : []) {
    const scene = isSurface
      ? await drawSurfaces(artifacts, measure, { drawable, options })
      : await drawSlices(artifacts, measure, { drawable, options });
    const name = mapName(measure);
    await artifacts.writeText(brainPaths.map(name, 'svg'), sceneSvg(scene));
    await artifacts.writeBytes(brainPaths.map(name, 'png'), scenePng(scene));
    const { width, height, alt } = scene;
    const subjects = drawable.map(({ subject }) => subject);
    maps.push({ name, measure, kind: isSurface ? 'surfaces' : 'slices', subjects, width, height, alt });
    onProgress({ task: 'Brain maps', done: maps.length, total: measures.length, unit: 'maps' });
  }
  await artifacts.writeJson(brainPaths.maps, { maps, skipped } satisfies MapsRecord);
}

async function sortOut(artifacts: Artifacts, { subjects }: MapsRequest, isSurface: boolean) {
  const drawable: Drawable[] = [];
  const skipped: string[] = [];
  for (const subject of subjects) {
    const { space } = await readResponsesSidecar(artifacts, subject);
    const fits = space.kind === 'volume' || (space.kind !== 'columns' && isSurface);
    if (fits) {
      const mask = space.kind === 'volume' ? await readMask(artifacts, space.mask) : null;
      drawable.push({ subject, space, mask });
    } else skipped.push(`${subject} is not drawn: ${reasons[space.kind]}`);
  }
  return { drawable, skipped };
}

const reasons: Record<ResponseSpace['kind'], string> = {
  volume: '',
  columns: 'nobody said where its voxels lie (import with --mask)',
  surface:
    'its responses lie on a surface; name surfaces to draw on (--surfaces left.surf.gii right.surf.gii)',
  cifti:
    'its responses are of CIFTI; name surfaces to draw on (--surfaces left.surf.gii right.surf.gii)',
};
