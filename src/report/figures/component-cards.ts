import { faint, kindColours, quiet } from '../colour.js';
import { type ComponentView, componentsOf } from '../components.js';
import type { JudgeReport, ReportData } from '../data.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { pictureOf, pictureTile } from '../picture.js';
import { clipText, textWidth } from '../text-width.js';
import { correlation, count, counted, decimal, percent, quoted } from '../wording.js';

const card = { width: 236, height: 152 };
const perRow = 4;
/** Pictures on a card; P1 shows six. */
export const nPictures = 6;

/** One card per component: names with r, kind, the stimuli with the largest weights, the distribution of weights. */
export function componentCards(data: ReportData, judge: JudgeReport, name: string): Figure {
  const components = componentsOf(judge);
  const cards = components.map((component, i) => {
    const [x, y] = [8 + (i % perRow) * card.width, 8 + Math.floor(i / perRow) * card.height];
    return markup`<g class="card" transform="translate(${x} ${y})">${drawCard(data, component, judge.name)}</g>`;
  });
  return {
    name,
    title: `The components of ${quoted(judge.name)}.`,
    caption: `${counted(components.length, 'component')} in order of summed weight. Names are the ratings that correlate most (Pearson r, n = ${count(judge.embedding.nStimuli)} stimuli); ${shownAs(data, components)} the stimuli with the largest weights; the curve shows all weights from largest to smallest, scaled to the component's largest.`,
    alt: `Cards of ${counted(components.length, 'component')}: ${components
      .slice(0, 5)
      .map((component) => component.name)
      .join(', ')}.`,
    width: 16 + Math.min(perRow, components.length) * card.width,
    height: 16 + Math.ceil(components.length / perRow) * card.height,
    body: markup`${cards}`,
  };
}

function drawCard(data: ReportData, component: ComponentView, judgeName: string): Markup {
  const inner = card.width - 20;
  const named = Number.isFinite(component.r);
  const title = named
    ? `${component.name} ${correlation(component.r)}`
    : component.kind === null
      ? component.name
      : 'no clear name';
  const others = termSentence(named ? component.terms.slice(1) : component.terms);
  const kind = component.kind
    ? markup`<circle cx="${inner - 2}" cy="13" r="4" fill="${kindColours[component.kind]}"/>${label(inner - 10, 13, component.kind, { size: 9, anchor: 'end', fill: quiet })}`
    : null;
  const shown = component.topStimuli.slice(0, nPictures).map((stimulus) => pictureOf(data, stimulus));
  const pictures = shown.some(({ uri }) => uri !== null)
    ? shown.map((picture, i) => pictureTile(picture, i * 36, 52, 32))
    : nameLines(
        shown.map(({ name }) => name),
        inner - 4,
      ).map((line, i) => label(0, 57 + i * 12, line, { size: 9 }));
  return markup`<rect x="-6" y="0" width="${card.width - 8}" height="${card.height - 8}" rx="6" fill="none" stroke="${faint}"/>${label(2, 13, `${judgeName} ${component.index + 1}`, { size: 9, fill: quiet })}${kind}${label(2, 30, clipText(title, inner - 4, 12.5), { weight: 600 })}${label(2, 43, clipText(others, inner - 4, 9.5), { size: 9, fill: quiet })}<g transform="translate(2 0)">${pictures}</g><g transform="translate(2 91)">${weightCurve(component.weights, inner - 4, 27)}</g>${label(2, 130, weightSentence(component), { size: 9, fill: quiet })}`;
}

/** Names in at most three lines, broken between words, for cards without pictures. */
function nameLines(names: readonly string[], width: number): string[] {
  const lines = [''];
  for (const word of names.join(' · ').split(' ')) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? word : `${last} ${word}`;
    if (last === '' || lines.length === 3 || textWidth(longer, 9) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => clipText(line, width, 9));
}

/** Whether the cards show stimuli as pictures or, where none has one, by name: "pictures are". */
export function shownAs(data: ReportData, components: readonly ComponentView[]): string {
  const shown = components.flatMap(({ topStimuli }) => topStimuli.slice(0, nPictures));
  return shown.some((stimulus) => pictureOf(data, stimulus).uri !== null) ? 'pictures are' : 'listed are';
}

/** "joy .83, amusement .79" */
export const termSentence = (terms: ComponentView['terms']): string =>
  terms.map(({ text, r }) => `${text} ${correlation(r)}`).join(', ');

/** "largest weight 1.93, used by 12.4% of stimuli" */
export const weightSentence = ({ largest, shareUsed }: ComponentView): string =>
  `largest weight ${decimal(largest)}; ${percent(shareUsed)} of stimuli above .1`;

/** All weights from largest to smallest as a filled curve. */
export function weightCurve(weights: ArrayLike<number>, width: number, height: number): Markup {
  const sorted = Float64Array.from(weights).sort().reverse();
  const largest = sorted[0] > 0 ? sorted[0] : 1;
  const nPoints = Math.min(80, sorted.length);
  const points = Array.from({ length: nPoints }, (_, i) => {
    const at = nPoints > 1 ? Math.round((i / (nPoints - 1)) * (sorted.length - 1)) : 0;
    const x = nPoints > 1 ? (i / (nPoints - 1)) * width : 0;
    return markup`L${x} ${height - (Math.max(0, sorted[at]) / largest) * height}`;
  });
  return markup`<path class="weights" d="M0 ${height}${points}L${width} ${height}Z" fill="#cfdbe4"/><line x1="0" x2="${width}" y1="${height}" y2="${height}" stroke="${faint}"/>`;
}
