import type { Volume } from '../../formats/volume.js';
import { inputError } from '../../numerics/errors.js';
import { colourBar, colourBarHeight } from './colour-bar.js';
import { colourScale, commonThreshold, type MapScale, shortNumber, type Threshold } from './overlay.js';
import { captionLine, density, type Mark, quietText, type Scene, textMark, wrapText } from './scene.js';
import {
  axesOf,
  overlayOf,
  paintSlice,
  type Slice,
  shownBox,
  sliceGround,
  type WorldBox,
  worldBox,
} from './slice.js';

export interface SliceRow {
  readonly name: string;
  /** Its first frame is shown; voxels of exactly 0 count as outside the map. */
  readonly overlay: Volume;
  /** One q per voxel where it is by q. */
  readonly threshold?: Threshold;
}

export interface SliceMapOptions {
  readonly rows: readonly SliceRow[];
  readonly slices: readonly Slice[];
  readonly scale: MapScale;
  /** An anatomy in the same space, on any grid. */
  readonly underlay?: Volume;
  /** Voxels with sharp edges (the default), or interpolated. */
  readonly between?: 'nearest' | 'linear';
  readonly caption?: string;
  /** In px; 960 without it. */
  readonly width?: number;
}

const padding = 16;
const gap = 10;
const rowTitle = 24;
const sliceTitle = 18;
const largestScale = 1.6;

/**
 * Slices through volumes at places in mm, left on the left, one row per volume, all at one scale under one colour bar.
 * @throws AffectomeError `input` when there is no row or slice, a slice lies outside, thresholds differ,
 * or the limits do not ascend.
 */
export function sliceMap(options: SliceMapOptions): Scene {
  const { rows, slices, width = 960, between = 'nearest' } = options;
  requireSlices(options);
  const overlays = rows.map(({ overlay, threshold }) => overlayOf(overlay, threshold));
  const scale = colourScale(options.scale, overlays);
  const common = commonThreshold(rows.map(({ threshold }) => threshold));
  const ground = options.underlay ? sliceGround(options.underlay) : null;
  const box = shownBox(options.underlay ?? rows[0].overlay);
  const { perMm, height: panelHeight, lefts } = layOut(slices, box, width);
  const marks: Mark[] = [];
  let y = padding;
  for (const { name, overlay, threshold } of rows) {
    marks.push(textMark(padding, y + rowTitle / 2 - 3, name, { size: 13 }));
    y += rowTitle;
    slices.forEach((slice, index) => {
      const pixels = paintSlice(slice, {
        box,
        ground,
        overlay,
        threshold,
        between,
        scale,
        perMm: perMm * density,
      });
      const [w, h] = [pixels.width / density, pixels.height / density];
      const top = y + Math.floor((panelHeight - h) / 2);
      marks.push({ kind: 'raster', x: lefts[index], y: top, width: w, height: h, pixels });
      marks.push(...sliceWords(slice, lefts[index], w, y + panelHeight + 8));
    });
    y += panelHeight + sliceTitle + 6;
  }
  marks.push(
    ...colourBar(scale, {
      meaning: options.scale,
      threshold: common,
      centre: width / 2,
      top: y + 6,
    }),
  );
  y += 6 + colourBarHeight + 8;
  for (const line of wrapText(options.caption ?? '', width - 2 * padding)) {
    marks.push(textMark(padding, y + 8, line, { isCaption: true }));
    y += captionLine;
  }
  const alt = `Slices of ${options.scale.title}, ${options.scale.sample}: ${rows.map(({ name }) => name).join(', ')}.`;
  return { width, height: Math.ceil(y + padding / 2), alt, marks };
}

function layOut(slices: readonly Slice[], box: WorldBox, width: number) {
  const extent = (axis: number) => box[axis][1] - box[axis][0];
  const across = slices.map(({ plane }) => extent(axesOf(plane)[0]));
  const total = across.reduce((sum, mm) => sum + mm, 0);
  const perMm = Math.min(largestScale, (width - 2 * padding - (slices.length - 1) * gap) / total);
  const used = total * perMm + (slices.length - 1) * gap;
  const lefts: number[] = [];
  let x = (width - used) / 2;
  for (const mm of across) {
    lefts.push(Math.round(x));
    x += mm * perMm + gap;
  }
  const height = Math.ceil(Math.max(...slices.map(({ plane }) => extent(axesOf(plane)[1]))) * perMm);
  return { perMm, height, lefts };
}

const cutNames = ['x', 'y', 'z'] as const;

/** Where the slice lies, between letters for the two sides that it shows. */
function sliceWords({ plane, at }: Slice, left: number, width: number, y: number): Mark[] {
  const [start, end] = plane === 'sagittal' ? ['P', 'A'] : ['L', 'R'];
  const quiet = { size: 10, colour: quietText };
  const aside = Math.max(38, width / 2 - 6);
  return [
    textMark(left + width / 2 - aside, y, start, { ...quiet, anchor: 'middle' }),
    textMark(left + width / 2, y, `${cutNames[axesOf(plane)[2]]} = ${shortNumber(at)} mm`, {
      ...quiet,
      anchor: 'middle',
    }),
    textMark(left + width / 2 + aside, y, end, { ...quiet, anchor: 'middle' }),
  ];
}

function requireSlices({ rows, slices, underlay }: SliceMapOptions): void {
  if (rows.length === 0 || slices.length === 0) {
    throw inputError({
      problem: `has ${rows.length} rows and ${slices.length} slices; expected at least one of each.`,
      where: { file: 'slice map' },
    });
  }
  const box = worldBox(underlay ?? rows[0].overlay);
  for (const { plane, at } of slices) {
    const [low, high] = box[axesOf(plane)[2]];
    if (at >= low && at <= high) continue;
    throw inputError({
      problem: `has a ${plane} slice at ${at} mm; the volume reaches from ${low} to ${high} mm.`,
      where: { file: (underlay ?? rows[0].overlay).file },
    });
  }
}
