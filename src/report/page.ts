import { fitWarning } from '../embedding/fit-warning.js';
import { centroidAccuracy } from '../interpretation/nearest-centroid.js';
import { brainChapter } from './brain-section.js';
import { cardList, pictureStore } from './cards.js';
import { componentsOf } from './components.js';
import type { JudgeReport, ReportData } from './data.js';
import { type Figure, inlineFigure } from './figure.js';
import { shownAs } from './figures/component-cards.js';
import { alignmentTable, consistencyTable, graphTable, mapTable, rsaTable } from './geometry-page.js';
import { Markup, markup, type Part } from './markup.js';
import { leftOutSentence, methodsSections } from './methods.js';
import { ruleCeilingSentence } from './methods-quality.js';
import {
  differenceTable,
  evaluationTable,
  judgmentTable,
  labelTable,
  promptTable,
  trialTable,
} from './page-tables.js';
import { pageStyle } from './style.js';
import { plainSummary } from './summary.js';
import {
  correlationWithInterval,
  count,
  counted,
  percent,
  percentWithInterval,
  sentence,
} from './wording.js';

export interface PageParts {
  readonly answers: readonly Figure[];
  /** One list per judge. */
  readonly chapters: readonly (readonly Figure[])[];
  /** One per judge: the file that holds the cards as a drawing. */
  readonly cards: readonly Figure[];
  readonly comparison: readonly Figure[];
  readonly geometry: readonly Figure[];
  readonly brain: readonly Figure[];
  readonly tableNames: readonly string[];
}

/** The whole report as one page that needs nothing else: no script, no font, no request. */
export function renderPage(data: ReportData, parts: PageParts): string {
  const number = new FigureNumbers();
  const title = data.study.name;
  const body = markup`${pictureStore(data)}<a class="skip" href="#main">Skip to the report</a><div class="page">${contents(data, parts)}<main id="main">${heading(data)}${question(data)}${answers(data, parts, number)}${data.judges.map((judge, index) => chapter(data, judge, index, parts, number))}${comparison(data, parts, number)}${geometry(data, parts, number)}${
    data.brain &&
    brainChapter(
      data.brain,
      parts.brain.map((figure) => figureBlock(figure, number)),
    )
  }${methods(data)}${files(parts)}${footer(data)}</main></div>`;
  const head = markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="generator" content="Affectome ${data.software.version}"><title>${title} · Affectome report</title><link rel="icon" href="data:,"><style>${new Markup(pageStyle)}</style>`;
  return `<!doctype html>\n<html lang="en"><head>${head}</head><body>${body}</body></html>\n`;
}

/** Figures are counted as the page is read. */
class FigureNumbers {
  private last = 0;
  next(): number {
    this.last++;
    return this.last;
  }
}

function figureBlock(figure: Figure, number: FigureNumbers): Markup {
  return markup`<figure id="figure-${figure.name}"><div class="scroll" tabindex="0" role="group" aria-label="${figure.title}" style="--wide:${figure.width}px">${inlineFigure(figure)}</div>${figure.width > 360 && markup`<p class="swipe" aria-hidden="true">Swipe the figure sideways to see all of it.</p>`}<figcaption><span class="number">Figure ${String(number.next())}.</span> <b>${figure.title}</b> ${figure.caption} <a class="file" href="figures/${figure.name}.svg">SVG file</a></figcaption></figure>`;
}

function contents({ study, judges, brain }: ReportData, parts: PageParts): Markup {
  const chapters = judges.map(
    ({ name }, index) => markup`<li><a href="#judge-${String(index + 1)}">${name}</a></li>`,
  );
  const ofJudges =
    judges.length > 0 &&
    markup`<li><a href="#answers">How judges answered</a></li><li><a href="#judge-1">The judges</a><ol>${chapters}</ol></li><li><a href="#comparison">${comparisonTitle(judges)}</a></li>`;
  return markup`<nav aria-label="Contents"><p class="mark">${study.name}</p><ol><li><a href="#asked">${questionTitle(judges)}</a></li>${ofJudges}${parts.geometry.length > 0 && markup`<li><a href="#geometry">${geometryTitle(judges)}</a></li>`}${brain && markup`<li><a href="#brain">The brain</a></li>`}<li><a href="#methods">Methods</a></li><li><a href="#files">Tables and figures</a></li></ol></nav>`;
}

function heading(data: ReportData): Markup {
  const { name, description } = data.study;
  const sentences = plainSummary(data).map((sentence) => markup`<p>${sentence}</p>`);
  return markup`<header><p class="eyebrow">Affectome report</p><h1>${name}</h1>${description && markup`<p class="description">${description}</p>`}<div class="summary">${sentences}</div></header>`;
}

function fact(title: string, value: string, detail: string): Markup {
  return markup`<div><dt>${title}</dt><dd>${value}${detail && markup`<small>${detail}</small>`}</dd></div>`;
}

const questionTitle = (judges: readonly JudgeReport[]): string =>
  judges.length > 0 ? 'What was asked' : 'What was shown';

function question(data: ReportData): Markup {
  const { stimuli, trials, judges, ratings, categoryNames, topCategory } = data;
  const used = new Set(Array.from(topCategory).filter((category) => category >= 0)).size;
  const asked = trials.reduce((sum, { nTrials }) => sum + nTrials, 0);
  const leftOut = leftOutSentence(data);
  const shown = fact(
    'Stimuli',
    count(stimuli.ids.length),
    categoryNames.length > 0 ? `in ${counted(used, 'category', 'categories')}` : '',
  );
  if (judges.length === 0) {
    const rated = ratings.map(({ name, scales }) => fact(`Ratings: ${name}`, count(scales.length), 'scales'));
    return markup`<section id="asked"><h2>${questionTitle(judges)}</h2><dl class="facts">${[shown, ...rated]}</dl></section>`;
  }
  const facts = [
    shown,
    fact('Trials', count(asked), `in ${counted(trials.length, 'set')}`),
    fact('Judges', count(judges.length), ''),
  ];
  return markup`<section id="asked"><h2>${questionTitle(judges)}</h2><p>Each trial shows three stimuli. The judge names the one that fits least; the other two are the pair that is kept. From many such choices the embedding learns a few components, each a quality that stimuli share more or less.</p><dl class="facts">${facts}</dl>${trialTable(data)}${leftOut && markup`<p>${leftOut}</p>`}</section>`;
}

function answers(data: ReportData, parts: PageParts, number: FigureNumbers): Markup | null {
  if (data.judges.length === 0) return null;
  const rule = ruleCeilingSentence(data);
  return markup`<section id="answers"><h2>How judges answered</h2>${judgmentTable(data)}${rule && markup`<p class="reading">${rule}</p>`}${promptTable(data)}${differenceTable(data)}${parts.answers.map((figure) => figureBlock(figure, number))}</section>`;
}

function chapter(
  data: ReportData,
  judge: JudgeReport,
  index: number,
  parts: PageParts,
  number: FigureNumbers,
): Markup {
  const figures = parts.chapters[index].map((figure) => figureBlock(figure, number));
  const collapsed = fitWarning(judge.embedding, judge.evaluation.accuracy, judge.fit);
  const told = [...judge.warnings, ...(collapsed ? [collapsed] : [])];
  const warnings = told.map((warning) => markup`<p class="warning" role="note">${warning}</p>`);
  return markup`<section id="judge-${String(index + 1)}"><p class="eyebrow">Judge ${String(index + 1)} · ${judge.kind}</p><h2>${judge.name}</h2><p>${sentence(judge.description)}</p>${warnings}<dl class="facts">${judgeFacts(judge)}</dl><h3>Components</h3><p class="reading">In order of summed weight. The name is the rating that correlates most, with Pearson r; ${shownAs(data, componentsOf(judge)).replace('pictures', 'the pictures')} the stimuli with the largest weights; the curve is all weights, from largest to smallest.</p>${cardList(data, judge)}<p class="foot"><a href="figures/${parts.cards[index].name}.svg">Cards as one SVG file</a></p>${labelTable(judge)}${figures}</section>`;
}

function judgeFacts({
  embedding,
  evaluation,
  reproducibility,
  nearestCentroid,
  componentsNeeded,
}: JudgeReport): Part[] {
  const { accuracy, explainable } = evaluation;
  return [
    fact(
      'Components',
      count(embedding.nComponents),
      `${counted(componentsNeeded.for95, 'is', 'are')} enough for 95% of the accuracy`,
    ),
    fact(
      'Held-out accuracy',
      percent(accuracy.value),
      [percentWithInterval(accuracy).replace(/^\S+ ?/, ''), 'chance 33.3%'].filter(Boolean).join(', '),
    ),
    explainable &&
      fact('Of what can be explained', percent(explainable.value), 'between chance and noise ceiling'),
    reproducibility &&
      fact(
        'Reproducibility',
        correlationWithInterval(reproducibility.overall).replace(/ .*/, ''),
        `r over ${counted(reproducibility.seeds.length, 'run')}`,
      ),
    nearestCentroid &&
      fact(
        `Top-${centroidAccuracy(nearestCentroid).nNearest} category`,
        percent(centroidAccuracy(nearestCentroid).accuracy.value),
        `chance ${percent(nearestCentroid.chance.mean)}`,
      ),
  ];
}

const comparisonTitle = (judges: readonly JudgeReport[]): string =>
  judges.length === 1 ? 'What the geometry is worth' : 'Side by side';

function comparison(data: ReportData, parts: PageParts, number: FigureNumbers): Markup | null {
  if (data.judges.length === 0) return null;
  return markup`<section id="comparison"><h2>${comparisonTitle(data.judges)}</h2>${evaluationTable(data)}${parts.comparison.map((figure) => figureBlock(figure, number))}</section>`;
}

const geometryTitle = (judges: readonly JudgeReport[]): string =>
  judges.length === 1 ? 'Its shape' : 'Comparing geometries';

/** Each part starts with the table of its numbers, before its first figure. */
function geometry(data: ReportData, { geometry: figures }: PageParts, number: FigureNumbers): Markup | null {
  if (figures.length === 0) return null;
  const parts: Readonly<Record<string, Markup>> = {
    rsa: markup`<h3>Similarity of similarities</h3>${rsaTable(data)}`,
    projection: markup`<h3>Maps</h3>${mapTable(data)}`,
    'component-network': markup`<h3>Graphs of components</h3>${graphTable(data)}`,
    consistency: markup`<h3>Consistency on new trials</h3>${consistencyTable(data)}`,
    'alignment-plans': markup`<h3>Alignment without names</h3>${alignmentTable(data)}`,
  };
  const blocks = figures.map((figure) => markup`${parts[figure.name]}${figureBlock(figure, number)}`);
  return markup`<section id="geometry"><h2>${geometryTitle(data.judges)}</h2>${blocks}</section>`;
}

function methods(data: ReportData): Markup {
  const sections = methodsSections(data).map(
    ({ heading: title, paragraphs }) =>
      markup`<h3>${title}</h3>${paragraphs.map((text) => markup`<p>${inlineMarkdown(text)}</p>`)}`,
  );
  return markup`<section id="methods" class="methods"><h2>Methods</h2>${sections}<p><a href="methods.md">These paragraphs as Markdown</a></p></section>`;
}

/** **bold** and [text](https://…); everything else is escaped text. */
function inlineMarkdown(text: string): Part[] {
  return text.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\(https:\/\/doi\.org\/[^)\s]+\))/).map((piece) => {
    const link = /^\[([^\]]+)\]\((https:\/\/doi\.org\/[^)\s]+)\)$/.exec(piece);
    if (link) return markup`<a href="${link[2]}">${link[1]}</a>`;
    return /^\*\*[^*]+\*\*$/.test(piece) ? markup`<b>${piece.slice(2, -2)}</b>` : piece;
  });
}

function files({
  answers: answered,
  chapters,
  cards,
  comparison: compared,
  geometry: shapes,
  brain,
  tableNames,
}: PageParts): Markup {
  const figures = [...answered, ...cards, ...chapters.flat(), ...compared, ...shapes, ...brain];
  const item = (address: string) => markup`<li><a href="${address}">${address}</a></li>`;
  return markup`<section id="files"><h2>Tables and figures</h2><p>Every number of this report is in a table, every figure in a file that stands alone.</p><h3>Tables (TSV)</h3><ul class="files">${tableNames.map((name) => item(`tables/${name}.tsv`))}</ul><h3>Figures (SVG)</h3><ul class="files">${figures.map(({ name }) => item(`figures/${name}.svg`))}</ul></section>`;
}

function footer({ software, trials, judges, study }: ReportData): Markup {
  const seeds = [
    ...trials.map(({ set, seed }) => `${set} trials ${seed}`),
    ...judges.map(({ name, fit }) => `fit of ${name} ${fit.seed}`),
  ].join(', ');
  return markup`<footer>Study “${study.name}”, made with Affectome ${software.version} on Node ${software.node}. Seeds: ${seeds || 'none'}. The same study, seeds and version give the same page.</footer>`;
}
