import type { Surface } from '../../formats/surface.js';
import { inputError } from '../../numerics/errors.js';
import type { Hemisphere } from '../regions/hemispheres.js';
import { type BrainSide, requireOnePerVertex, surfaceFor } from './brain-side.js';
import { colourBar, colourBarHeight } from './colour-bar.js';
import { colourScale, commonThreshold, type MapScale, type Overlay } from './overlay.js';
import { type Panel, panelMarks } from './panel.js';
import { captionLine, density, type Mark, quietText, type Scene, textMark, wrapText } from './scene.js';
import { prepareView, viewExtent } from './surface-view.js';
import { hemispheresOnScreen, type ViewName, viewNames } from './view.js';

/** One row of a picture: a system, a subject, a component. */
export interface MapRow {
  readonly name: string;
  readonly left?: Overlay;
  readonly right?: Overlay;
  /** Its own surfaces, where rows do not share those of the picture; all are drawn at one scale. */
  readonly sides?: Sides;
}

type Sides = Partial<Record<Hemisphere, BrainSide>>;

export interface SurfaceMapOptions {
  readonly sides: Sides;
  readonly views: readonly ViewName[];
  readonly rows: readonly MapRow[];
  readonly scale: MapScale;
  /** Below the picture, broken into lines. */
  readonly caption?: string;
  /** Names by region number, written on flat maps. */
  readonly regionNames?: ReadonlyMap<number, string>;
  /** In px; 960 without it. */
  readonly width?: number;
}

const padding = 16;
const gap = 14;
const rowTitle = 24;
const viewTitle = 16;
/** px per mm at most, so that a single small panel does not fill the width. */
const largestScale = 2.4;

/**
 * Values on the cortex: for every row the given views of the given hemispheres, side by side as the viewer sees them, all at
 * one scale, under one colour bar.
 *
 * Cost: rasterising is done once per view, painting once per row and view.
 * @throws AffectomeError `input` when a view has no surface, a map not one number per vertex, thresholds differ,
 * or the limits do not ascend.
 */
export function surfaceMap(options: SurfaceMapOptions): Scene {
  const { width = 960, rows } = options;
  const overlays = rows.flatMap(({ left, right }) => [left, right]).filter((one) => one !== undefined);
  const scale = colourScale(options.scale, overlays);
  const threshold = commonThreshold(overlays.map((overlay) => overlay.threshold));
  const { layouts, height: panelHeight } = layOutAll(options, width);
  const marks: Mark[] = [];
  let y = padding;
  for (const row of rows) {
    marks.push(textMark(padding, y + rowTitle / 2 - 3, row.name, { size: 13 }));
    y += rowTitle;
    const { panels, offset } = layouts.get(row.sides ?? options.sides)!;
    for (const panel of panels) {
      const overlay = row[panel.hemisphere] ?? null;
      requireOnePerVertex(panel.view.surface, { side: panel.side, overlay }, panel.hemisphere);
      const top = y + Math.floor((panelHeight - panel.view.height / density) / 2);
      const at = { x: offset + panel.x, y: top };
      marks.push(...panelMarks(panel, { overlay, scale, at, names: options.regionNames }));
      const middle = at.x + panel.view.width / density / 2;
      marks.push(
        textMark(middle, y + panelHeight + 8, panel.title, { anchor: 'middle', size: 10, colour: quietText }),
      );
    }
    y += panelHeight + viewTitle + 6;
  }
  marks.push(...colourBar(scale, { meaning: options.scale, threshold, centre: width / 2, top: y + 6 }));
  y += 6 + colourBarHeight + 8;
  for (const line of wrapText(options.caption ?? '', width - 2 * padding)) {
    marks.push(textMark(padding, y + 8, line, { isCaption: true }));
    y += captionLine;
  }
  return { width, height: Math.ceil(y + padding / 2), alt: altOf(options), marks };
}

interface Wanted {
  readonly name: ViewName;
  readonly hemisphere: Hemisphere;
  readonly side: BrainSide;
  readonly surface: Surface;
  readonly extent: readonly [number, number];
}

/** Panels for every set of surfaces that a row has, at the largest scale at which all fit. */
function layOutAll(options: SurfaceMapOptions, width: number) {
  const { rows, sides: shared, views } = options;
  const kinds = [...new Set(rows.map(({ sides }) => sides ?? shared))];
  const wanted = kinds.map((sides) => wantedViews({ sides, views }));
  const perMm = Math.min(...wanted.map((one) => scaleFor(one, width)));
  const layouts = new Map(kinds.map((sides, k) => [sides, layOut(wanted[k], { width, perMm })]));
  return { layouts, height: Math.max(...[...layouts.values()].map(({ height }) => height)) };
}

function scaleFor(wanted: readonly Wanted[], width: number): number {
  const total = wanted.reduce((sum, { extent }) => sum + extent[0], 0);
  const room = width - 2 * padding - (wanted.length - 1) * gap - 4 * wanted.length;
  return Math.min(largestScale, room / total);
}

function layOut(wanted: readonly Wanted[], { width, perMm }: { width: number; perMm: number }) {
  const panels: Panel[] = [];
  let x = 0;
  for (const { name, hemisphere, side, surface } of wanted) {
    const view = prepareView(surface, { view: name, hemisphere, scale: perMm * density });
    panels.push({ view, name, hemisphere, side, x, title: `${hemisphere} ${name}` });
    x += Math.ceil(view.width / density) + gap;
  }
  const height = Math.max(...panels.map(({ view }) => Math.ceil(view.height / density)));
  return { panels, height, offset: Math.max(padding, Math.floor((width - x + gap) / 2)) };
}

function wantedViews({ sides, views }: Pick<SurfaceMapOptions, 'sides' | 'views'>): Wanted[] {
  const wanted = views.flatMap((name) =>
    hemispheresOnScreen(name).flatMap((hemisphere): Wanted[] => {
      const side = sides[hemisphere];
      if (!side) return [];
      const surface = surfaceFor(side, name, hemisphere);
      return [{ name, hemisphere, side, surface, extent: viewExtent(surface, name, hemisphere) }];
    }),
  );
  if (wanted.length > 0) return wanted;
  throw inputError({
    problem: 'shows nothing: it has no view or no hemisphere.',
    where: { file: 'brain map' },
    remedy: `Give \`sides.left\` or \`sides.right\`, and some of the views ${viewNames.join(', ')}.`,
  });
}

function altOf({ rows, views, scale, sides }: SurfaceMapOptions): string {
  const which =
    sides.left && sides.right ? 'both hemispheres' : `the ${sides.left ? 'left' : 'right'} hemisphere`;
  return `Brain map of ${scale.title} on ${which} (${views.join(', ')}), ${scale.sample}: ${rows.map(({ name }) => name).join(', ')}.`;
}
