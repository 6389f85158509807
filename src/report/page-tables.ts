import { centroidAccuracy } from '../interpretation/nearest-centroid.js';
import { componentsOf } from './components.js';
import type { JudgeReport, ReportData } from './data.js';
import { Markup, markup, type Part } from './markup.js';
import {
  correlation,
  correlationWithInterval,
  count,
  decimal,
  percent,
  percentWithInterval,
  pValue,
} from './wording.js';

interface TableParts {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Part[])[];
  /** The TSV file that holds the same numbers in full. */
  readonly file: string;
  /** Columns that hold text, which starts at the left. */
  readonly words?: readonly number[];
}

function table({ caption, header, rows, file, words = [] }: TableParts): Markup {
  const lines = rows.map(
    ([first, ...rest]) =>
      markup`<tr><th scope="row">${first}</th>${rest.map((cell, i) => markup`<td${words.includes(i + 1) && new Markup(' class="words"')}>${cell}</td>`)}</tr>`,
  );
  return markup`<div class="table" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption} <a href="tables/${file}.tsv">TSV file</a></caption><thead><tr>${header.map((name, i) => markup`<th scope="col"${words.includes(i) && new Markup(' class="words"')}>${name}</th>`)}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

export function trialTable({ trials }: ReportData): Markup | null {
  if (trials.length === 0) return null;
  return table({
    caption: 'Trials.',
    header: ['Set', 'Trials', 'Seed', 'Design'],
    rows: trials.map(({ set, nTrials, design, seed }) => [set, count(nTrials), String(seed), design]),
    file: 'trials',
    words: [3],
  });
}

export function judgmentTable({ judges }: ReportData): Markup | null {
  const rows = judges.flatMap(({ name, judgments, ceiling }) => {
    const training = judgments.training;
    if (!training) return [];
    const { outcomes, nTrials, nTies, positions } = training;
    return [
      [
        name,
        count(outcomes.choice),
        count(nTrials - outcomes.choice),
        `${count(nTies)} (${percent(nTies / nTrials)})`,
        positions ? pValue(positions.test.p).replace(/^p (= )?/, '') : 'not recorded',
        ceiling ? percentWithInterval(ceiling) : '–',
      ],
    ];
  });
  if (rows.length === 0) return null;
  return table({
    caption: 'Answers to the training trials.',
    header: ['Judge', 'Choices', 'No choice', 'Ties', 'p of equal positions', 'Noise ceiling'],
    rows,
    file: 'positions',
  });
}

export function evaluationTable({ judges }: ReportData): Markup | null {
  if (judges.length === 0) return null;
  return table({
    caption: 'What each geometry is worth, with intervals.',
    header: [
      'Judge',
      'Components',
      'Held-out accuracy',
      'Log-lik. (nats)',
      'Explainable',
      'In other runs (r)',
      'New trials (r)',
      judges.some(({ nearestCentroid }) => nearestCentroid?.top3 === null)
        ? 'Top-1 category'
        : 'Top-3 category',
      'For 95 / 99%',
    ],
    rows: judges.map(
      ({
        name,
        embedding,
        evaluation,
        reproducibility,
        generalisation,
        nearestCentroid,
        componentsNeeded,
      }) => [
        name,
        count(embedding.nComponents),
        percentWithInterval(evaluation.accuracy),
        decimal(evaluation.logLikelihood.value),
        evaluation.explainable ? percent(evaluation.explainable.value) : '–',
        reproducibility ? correlationWithInterval(reproducibility.overall) : '–',
        generalisation ? correlationWithInterval(generalisation.r) : '–',
        nearestCentroid ? percent(centroidAccuracy(nearestCentroid).accuracy.value) : '–',
        `${count(componentsNeeded.for95)} / ${count(componentsNeeded.for99)}`,
      ],
    ),
    file: 'evaluation',
  });
}

export function labelTable(judge: JudgeReport): Markup | null {
  if (!judge.interpretation) return null;
  const rows = componentsOf(judge).map(({ index, terms, kind }) => [
    String(index + 1),
    kind,
    terms.map(({ text, r }) => `${text} (${correlation(r, 3)})`).join(', ') || '–',
  ]);
  const body = table({
    caption: 'Names of the components with Pearson r.',
    header: ['Component', 'Kind', 'Ratings'],
    rows,
    file: 'labels',
    words: [1, 2],
  });
  return markup`<details><summary>All names as a table</summary>${body}</details>`;
}
