import { captionLine } from '../brain/maps/scene.js';
import type { BrainComparison, BrainRegions, BrainReport, DrawnMap, MeasureKind } from './brain-data.js';
import type { Figure } from './figure.js';
import { regionDots } from './figures/region-dots.js';
import { voxelHistograms } from './figures/voxel-histogram.js';
import { Markup } from './markup.js';

export const scoreNames: Readonly<Record<MeasureKind, string>> = {
  encoding: 'Pearson r of held-out predictions',
  searchlight: 'correlation of geometries',
};

/** Beside the name of a feature set there is little room. */
const shortScores: Readonly<Record<MeasureKind, string>> = {
  encoding: 'Pearson r',
  searchlight: 'correlation',
};

const kinds: readonly MeasureKind[] = ['encoding', 'searchlight'];

/** The figures of the chapter about brains, in the order of the page. */
export function brainFigures(brain: BrainReport | null | undefined): Figure[] {
  if (!brain) return [];
  const compared = brain.comparisons.flatMap((comparison) =>
    kinds.flatMap((kind) => figuresOf(comparison, kind)),
  );
  const untested = untestedRegions(brain).flatMap((regions) =>
    kinds.flatMap((kind) => meansFigures(regions, kind)),
  );
  return [...compared, ...untested, ...brain.maps.map(mapFigure)];
}

/** Atlases in which nothing was tested, as with a single subject. */
export const untestedRegions = ({ regions, comparisons }: BrainReport): BrainRegions[] =>
  regions.filter(({ atlas }) => comparisons.every((comparison) => comparison.atlas !== atlas));

function meansFigures({ atlas, regions, sets }: BrainRegions, kind: MeasureKind): Figure[] {
  const own = sets.filter((set) => set.kind === kind);
  if (own.length === 0) return [];
  const models = own.map(({ set, scores }) => ({ name: set, scores, difference: null }));
  const dots = regionDots({ regions, models, score: scoreNames[kind], test: 't', level: 0.05 });
  return [{ ...dots, name: `brain-regions-${kind}-${fileName(atlas)}` }];
}

function figuresOf(comparison: BrainComparison, kind: MeasureKind): Figure[] {
  const sets = comparison.sets.filter((set) => set.kind === kind);
  if (sets.length === 0) return [];
  const [first] = sets;
  const dots = regionDots({
    regions: comparison.regions,
    models: sets.map(({ set, scores }) => ({
      ...{ name: set, scores },
      difference:
        comparison.pairs.find((pair) => pair.kind === kind && pair.a === first.set && pair.b === set)
          ?.group ?? null,
    })),
    score: scoreNames[kind],
    test: comparison.asked[0],
    level: comparison.fdr,
  });
  const name = `brain-regions-${kind}-${fileName(comparison.atlas)}`;
  return [{ ...dots, name }, ...voxelFigures(comparison, kind)];
}

/** The first against every other. */
function voxelFigures({ voxels, sets }: BrainComparison, kind: MeasureKind): Figure[] {
  const first = sets.find((set) => set.kind === kind)?.set;
  return voxels
    .filter((pair) => pair.kind === kind && pair.a === first)
    .flatMap(({ a, b, subjects, won }) => {
      const figure = voxelHistograms({ a, b, score: shortScores[kind], subjects, won });
      return figure ? [{ ...figure, name: `brain-voxels-${kind}-${fileName(b)}` }] : [];
    });
}

const fileName = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();

/** The figure has a caption of its own: that of the file, and the room that it takes, are left out. */
function mapFigure({ svg, name, height, ...words }: DrawnMap): Figure {
  const whole = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1] ?? '';
  const body = whole.replace(/<text class="caption"[^>]*>[^<]*<\/text>/g, '');
  const nLines = whole.split('<text class="caption"').length - 1;
  return {
    ...words,
    name: `brain-map-${fileName(name)}`,
    height: height - captionLine * nLines,
    body: new Markup(body.replace(/^<rect[^>]*fill="#ffffff"\/>/, '')),
  };
}
