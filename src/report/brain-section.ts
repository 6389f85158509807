import type { BrainComparison, BrainRegions, BrainReport, PairTests } from './brain-data.js';
import { scoreNames, untestedRegions } from './brain-figures.js';
import { type Markup, markup, type Part } from './markup.js';
import { correlation, count, counted, limit, list } from './wording.js';

/** The chapter about brains without its figures: what was measured, a table, what differs, and how far that can be trusted. */
export function brainChapter(brain: BrainReport, figures: readonly Part[]): Markup {
  const { subjects, comparisons } = brain;
  const [first] = subjects;
  const left = subjects.reduce((sum, { nConstant, nNotFinite }) => sum + nConstant + nNotFinite, 0);
  const facts = [
    fact('Subjects', count(subjects.length), ''),
    first && fact('Stimuli', count(first.nStimuli), 'with a response'),
    first &&
      fact(
        'Voxels',
        count(Math.round(subjects.reduce((sum, { nVoxels }) => sum + nVoxels, 0) / subjects.length)),
        left > 0 ? `a subject; ${counted(left, 'voxel')} in all without a result` : 'a subject',
      ),
  ];
  return markup`<section id="brain"><h2>The brain</h2><p>How well geometries and features of the stimuli predict recordings of brains. Encoding predicts each voxel from features and correlates predictions with held-out responses; a searchlight compares the similarities of stimuli in the patterns around each voxel with those of a model.</p><dl class="facts">${facts}</dl>${encodingTable(brain)}${searchlightTable(brain)}${comparisons.map(comparisonText)}${untestedRegions(brain).map(untestedText)}${figures}</section>`;
}

function fact(title: string, value: string, detail: string): Markup {
  return markup`<div><dt>${title}</dt><dd>${value}${detail && markup`<small>${detail}</small>`}</dd></div>`;
}

function tableOf(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  file: string,
): Markup {
  const lines = rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  );
  return markup`<div class="table" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption} <a href="tables/${file}.tsv">TSV file</a></caption><thead><tr>${header.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function encodingTable({ encodings }: BrainReport): Markup | null {
  if (encodings.length === 0) return null;
  const sets = [...new Set(encodings.map(({ set }) => set))];
  const rows = sets.map((set) => {
    const own = encodings.filter((one) => one.set === set);
    const mean = (pick: (one: (typeof own)[number]) => number) => correlation(meanOf(own.map(pick)));
    return [
      ...[set, count(own[0].nFeatures), count(own.length)],
      ...[mean(({ medianR }) => medianR), mean(({ topR }) => topR), mean(({ bestR }) => bestR)],
    ];
  });
  return tableOf(
    'Encoding: r over voxels, mean over subjects.',
    ['Feature set', 'Features', 'Subjects', 'Median voxel', 'Best 1% above', 'Best voxel'],
    rows,
    'brain-encoding',
  );
}

function searchlightTable({ searchlights }: BrainReport): Markup | null {
  if (searchlights.length === 0) return null;
  const models = [...new Set(searchlights.map(({ model }) => model))];
  const rows = models.map((model) => {
    const own = searchlights.filter((one) => one.model === model);
    return [
      ...[model, count(own[0].nStimuli), count(own.length)],
      ...[count(meanOf(own.map(({ nCompared }) => nCompared)))],
      ...[
        correlation(meanOf(own.map(({ median }) => median))),
        correlation(meanOf(own.map(({ best }) => best))),
      ],
    ];
  });
  return tableOf(
    'Searchlight: correlation with models, mean over subjects.',
    ['Model', 'Stimuli', 'Subjects', 'Centres', 'Median centre', 'Best centre'],
    rows,
    'brain-searchlight',
  );
}

function comparisonText(comparison: BrainComparison): Markup {
  const { pairs, asked, fdr, subjects, notes, atlas } = comparison;
  const test = asked[0] === 't' ? 'paired t-tests' : 'sign flips';
  const sentences = pairs.flatMap((pair) => pairSentences(pair));
  const said = sentences.length > 0 ? sentences : ['No two feature sets differ significantly in any region.'];
  return markup`<h3>By region: ${atlas}</h3><ul>${said.map((text) => markup`<li>${text}</li>`)}</ul><p class="reading">Significant: q < ${limit(fdr)} by ${test} across n = ${count(subjects.length)} subjects (two-tailed; Benjamini and Hochberg over regions). <a href="tables/brain-regions.tsv">All tests (TSV)</a></p>${notes.map((text) => markup`<p class="warning" role="note">${text}</p>`)}`;
}

function untestedText({ atlas, subjects, regions }: BrainRegions): Markup {
  const why =
    subjects.length === 1
      ? 'Tests across subjects need at least two; there is one.'
      : 'Nothing was compared across subjects in these regions.';
  return markup`<h3>By region: ${atlas}</h3><p class="reading">Means over ${counted(regions.length, 'region')}. ${why} <a href="tables/brain-region-means.tsv">All means (TSV)</a></p>`;
}

function pairSentences({ kind, a, b, tests }: PairTests): string[] {
  const say = (winner: string, loser: string, sign: number) => {
    const won = tests.filter(({ isSignificant, mean }) => isSignificant && mean * sign > 0);
    if (won.length === 0) return [];
    const regions = list(won.map(({ region }) => region));
    return [`${winner} is ahead of ${loser} in ${regions} (${scoreNames[kind]}).`];
  };
  return [...say(b, a, 1), ...say(a, b, -1)];
}
