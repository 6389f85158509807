import { categoryColour, faint, ink, quiet } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { clipText, labelGutter } from '../text-width.js';
import { counted, list } from '../wording.js';
import { lyingMaps, marksApart, type Place, placement } from './map-places.js';
import { panelGrid } from './panels.js';

/** One map to draw. */
export interface DrawnMap {
  readonly name: string;
  /** nStimuli x 2; all maps of one figure are of the same stimuli. */
  readonly positions: Float64Array;
}

export interface MapCategories {
  readonly names: readonly string[];
  /** Per stimulus an index into `names`, -1 for none. */
  readonly topCategory: ArrayLike<number>;
  /** Stimuli that stand for a category: drawn larger, with its number. */
  readonly prototypes: readonly { readonly category: number; readonly stimuli: readonly number[] }[];
  /** Stimuli of rarer categories are grey. */
  readonly minPerCategory: number;
}

/** What the caption says about how the maps were made: "t-SNE, perplexity 30; maps turned and scaled onto the first". */
export interface MapWords {
  readonly name: string;
  readonly method: string;
}

const noColour = '#c9ccd0';
const prototypeRadius = 6.5;

/** Maps of several systems side by side: a point per stimulus, coloured by top category, prototypes larger (P1 Fig. 3a). */
export function projectionMaps(
  maps: readonly DrawnMap[],
  categories: MapCategories,
  words: MapWords,
): Figure {
  const shown = shownCategories(categories);
  const perRow = maps.length === 3 ? 3 : Math.min(2, maps.length);
  const side = Math.min(620, 960 / perRow);
  const { turned, aspect } = lyingMaps(maps.map(({ positions }) => positions));
  const panels = maps.map(({ name }, m) => ({
    title: name,
    draw: (size: { width: number; height: number }) => drawMap(turned[m], categories, shown, size),
  }));
  const grid = panelGrid(panels, { width: perRow * side, height: side * aspect, perRow, maxWidth: side });
  const key = legend(shown, Math.max(grid.width, 460));
  const nStimuli = categories.topCategory.length;
  const nGrey = Array.from(categories.topCategory).filter(
    (c) => !shown.some(({ index }) => index === c),
  ).length;
  return {
    name: words.name,
    title:
      maps.length === 1
        ? 'Which stimuli lie near each other.'
        : 'Which stimuli lie near each other, system by system.',
    caption: `${words.method}. Each of the ${counted(nStimuli, 'stimulus', 'stimuli')} is a point, coloured by its top category${nGrey > 0 ? `; ${counted(nGrey, 'stimulus', 'stimuli')} without one or of categories with fewer than ${categories.minPerCategory} grey` : ''}.${shown.some(({ number }) => number !== null) ? ' Numbered: prototypes of each category that has some, moved apart where they would overlap (lines lead to their points).' : ''} Near points are alike; axes, and distances between far points, mean nothing.`,
    alt: `Maps of ${counted(nStimuli, 'stimulus', 'stimuli')} for ${list(maps.map(({ name }) => name))}, coloured by ${counted(shown.length, 'category', 'categories')}.`,
    width: Math.max(grid.width, 460),
    height: grid.height + key.height + 10,
    body: markup`${grid.body}<g transform="translate(0 ${grid.height + 6})">${key.body}</g>`,
  };
}

interface ShownCategory {
  readonly index: number;
  /** Null where no prototype stands for it: the number would be on no point. */
  readonly number: number | null;
  readonly name: string;
  readonly colour: string;
}

function shownCategories({ names, topCategory, minPerCategory, prototypes }: MapCategories): ShownCategory[] {
  const counts = new Uint32Array(names.length);
  for (let i = 0; i < topCategory.length; i++) if (topCategory[i] >= 0) counts[topCategory[i]]++;
  const kept = [...names.keys()].filter((index) => counts[index] >= Math.max(1, minPerCategory));
  const numbered = kept.filter((index) =>
    prototypes.some(({ category, stimuli }) => category === index && stimuli.length > 0),
  );
  return kept.map((index, place) => ({
    index,
    number: numbered.includes(index) ? numbered.indexOf(index) + 1 : null,
    name: names[index],
    colour: categoryColour(place, kept.length),
  }));
}

function drawMap(
  positions: Float64Array,
  categories: MapCategories,
  shown: readonly ShownCategory[],
  { width, height }: { width: number; height: number },
): Markup {
  const place = placement(positions, width, height);
  const size = positions.length / 2 > 1000 ? 3.4 : 5;
  const members = groupByCategory(categories.topCategory);
  const grey = [...members].flatMap(([c, stimuli]) =>
    shown.some(({ index }) => index === c) ? [] : stimuli,
  );
  const points = shown.map(({ index, colour }) => dots(members.get(index) ?? [], place, colour, size));
  const marked = shown.flatMap((category) =>
    categories.prototypes
      .filter((prototype) => prototype.category === category.index)
      .flatMap(({ stimuli }) => stimuli.map((stimulus) => ({ category, at: place(stimulus) }))),
  );
  const room = { width, height, radius: prototypeRadius };
  const moved = marksApart(
    marked.map(({ at }) => at),
    room,
  );
  const leaders = marked.map(
    ({ at: [x, y] }, m) =>
      markup`<path d="M${x.toFixed(1)} ${y.toFixed(1)}L${moved[m][0].toFixed(1)} ${moved[m][1].toFixed(1)}" stroke="${ink}" stroke-width="0.8"/>`,
  );
  const marks = marked.map(({ category }, m) => prototypeMark(moved[m], category));
  return markup`<rect x="6" y="2" width="${width - 12}" height="${height - 8}" rx="6" fill="none" stroke="${faint}"/>${dots(grey, place, noColour, size)}${points}<g class="prototypes">${leaders}${marks}</g>`;
}

function groupByCategory(topCategory: ArrayLike<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < topCategory.length; i++) {
    groups.set(topCategory[i], [...(groups.get(topCategory[i]) ?? []), i]);
  }
  return groups;
}

/** Points as one path of strokes without length: thousands of circles would make the page heavy. */
function dots(stimuli: readonly number[], place: Place, colour: string, size: number): Markup | null {
  if (stimuli.length === 0) return null;
  const path = stimuli.map((stimulus) => {
    const [x, y] = place(stimulus);
    return `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
  });
  return markup`<path class="points" d="${path.join('')}" stroke="${colour}" stroke-width="${size}" stroke-linecap="round" stroke-opacity="0.8" fill="none"/>`;
}

function prototypeMark([x, y]: readonly [number, number], { number, colour, name }: ShownCategory): Markup {
  return markup`<g class="prototype"><circle cx="${x}" cy="${y}" r="${prototypeRadius}" fill="#ffffff" stroke="${ink}" stroke-width="2.6"/><circle cx="${x}" cy="${y}" r="${prototypeRadius}" fill="#ffffff" stroke="${colour}" stroke-width="1.6"/>${label(x, y + 0.3, String(number), { size: 7.5, anchor: 'middle', weight: 700 })}<title>${name}</title></g>`;
}

/** Numbered colours in columns, read downwards. */
function legend(shown: readonly ShownCategory[], width: number): { height: number; body: Markup } {
  const names = shown.map(({ name }) => name);
  const column = Math.max(90, labelGutter(names, 10.5, 160) + 34);
  const nColumns = Math.max(1, Math.min(shown.length, Math.floor((width - 16) / column)));
  const nRows = Math.ceil(shown.length / nColumns);
  const rowHeight = 17;
  const entries = shown.map(({ number, name, colour }, place) => {
    const x = 18 + Math.floor(place / nRows) * ((width - 16) / nColumns);
    const y = 10 + (place % nRows) * rowHeight;
    const mark =
      number === null
        ? markup`<circle cx="${x}" cy="${y}" r="5" fill="${colour}"/>`
        : markup`<circle cx="${x}" cy="${y}" r="6.5" fill="#ffffff" stroke="${colour}" stroke-width="2.4"/>${label(x, y + 0.3, String(number), { size: 7.5, anchor: 'middle', weight: 700 })}`;
    return markup`${mark}${label(x + 12, y, clipText(name, 160, 10.5), { size: 10.5, fill: ink, name: 'legend' })}`;
  });
  return { height: nRows * rowHeight + 8, body: markup`<g fill="${quiet}">${entries}</g>` };
}
