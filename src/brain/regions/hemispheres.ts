import { inputError } from '../../numerics/errors.js';
import type { LabelNames, RegionLabels } from './labels.js';

export type Hemisphere = 'left' | 'right';

/** The area that a label names, without atlas, hemisphere and suffix: `L_V1_ROI`, `hcp180_r_lh.L_V1_ROI` and `V1` are all V1. */
export interface AreaName {
  readonly area: string;
  /** `null` where the name does not say. */
  readonly hemisphere: Hemisphere | null;
}

const sideOf = (mark: string): Hemisphere => (/^l/i.test(mark) ? 'left' : 'right');

export function areaOf(label: string): AreaName {
  let area = label.trim();
  let hemisphere: Hemisphere | null = null;
  const take = (pattern: RegExp) => {
    const found = pattern.exec(area);
    if (!found) return;
    area = area.replace(pattern, '');
    if (found[1]) hemisphere = sideOf(found[1]);
  };
  take(/^(?:hcp180_r_|yeo2011_17_r_)?(lh|rh)\./);
  take(/^CIFTI_STRUCTURE_/);
  take(/^(L|R|LH|RH|lh|rh)_/);
  take(/^(Left|Right)[-_]/i);
  take(/-(lh|rh)$/);
  take(/_(LEFT|RIGHT|L|R)$/);
  take(/_ROI$/);
  return { area, hemisphere };
}

/**
 * Labels of the left hemisphere, then of the right, as one. Where both use the same keys for different names, those of the right
 * are renumbered above the left ones; names that both use get the prefix L_ or R_.
 */
export function joinHemispheres(left: RegionLabels, right: RegionLabels): RegionLabels {
  const shared = new Set([...left.names].filter(([key]) => key !== 0).map(([, name]) => name));
  const isShared = [...right.names].some(([key, name]) => key !== 0 && shared.has(name));
  const isClash = [...right.names].some(
    ([key, name]) => key !== 0 && left.names.has(key) && (isShared || left.names.get(key) !== name),
  );
  const offset = isClash ? largestKey(left) : 0;
  const named = ({ names }: RegionLabels, prefix: string, shift: number): [number, string][] =>
    [...names]
      .filter(([key]) => key !== 0)
      .map(([key, name]) => [
        key + shift,
        isShared && areaOf(name).hemisphere === null ? prefix + name : name,
      ]);
  const keys = new Int32Array(left.keys.length + right.keys.length);
  keys.set(left.keys);
  keys.set(
    right.keys.map((key) => (key === 0 ? 0 : key + offset)),
    left.keys.length,
  );
  return {
    file: `${left.file} and ${right.file}`,
    keys,
    names: new Map([...named(left, 'L_', 0), ...named(right, 'R_', offset)]),
    warnings: [...left.warnings, ...right.warnings],
  };
}

/** Without spreading: a full mesh has more vertices than a call takes arguments. */
function largestKey({ names, keys }: RegionLabels): number {
  const largest = (a: number, b: number) => Math.max(a, b);
  return keys.reduce(largest, [...names.keys()].reduce(largest, 0));
}

/**
 * Takes labels from places where they cannot be: a label of the left hemisphere among the right one's vertices, and the reverse. Such
 * places get no label, and a warning names them.
 *
 * @param nLeft places of the left hemisphere, which come first
 * @throws AffectomeError `input` when there are fewer places.
 */
export function withoutStrays(labels: RegionLabels, nLeft: number): RegionLabels {
  const { file, names } = labels;
  if (nLeft > labels.keys.length) {
    throw inputError({
      problem: `has ${labels.keys.length} places; expected more than ${nLeft}.`,
      where: { file },
    });
  }
  const sides = sidesOf(names);
  const keys = labels.keys.slice();
  const strays = new Map<number, number[]>();
  for (let place = 0; place < keys.length; place++) {
    const side = sides.get(keys[place]);
    if (!side || side === (place < nLeft ? 'left' : 'right')) continue;
    if (!strays.has(keys[place])) strays.set(keys[place], []);
    strays.get(keys[place])!.push(place);
    keys[place] = 0;
  }
  const warnings = [...strays].map(([key, places]) => strayWarning(key, places, { names, nLeft, file }));
  return { file, keys, names, warnings: [...labels.warnings, ...warnings] };
}

const sidesOf = (names: LabelNames): Map<number, Hemisphere | null> =>
  new Map([...names].map(([key, name]) => [key, areaOf(name).hemisphere]));

interface StrayPlace {
  readonly names: LabelNames;
  readonly nLeft: number;
  readonly file: string;
}

function strayWarning(key: number, places: readonly number[], { names, nLeft, file }: StrayPlace): string {
  const side = places[0] < nLeft ? 'left' : 'right';
  const own = places.slice(0, 5).map((place) => (place < nLeft ? place : place - nLeft));
  const more = places.length > own.length ? ', ...' : '';
  return `${file}: ${places.length} vertices of the ${side} hemisphere carry the label ${key} (${names.get(key)}) of the other one; they get no label (vertices ${own.join(', ')}${more}).`;
}
