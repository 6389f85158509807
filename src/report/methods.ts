import { fitWarning } from '../embedding/fit-warning.js';
import { centroidAccuracy } from '../interpretation/nearest-centroid.js';
import type { JudgmentSummary } from '../judgments/results.js';
import type { JudgeReport, ReportData } from './data.js';
import { geometryMethods } from './geometry-methods.js';
import {
  chatSentences,
  differenceParagraphs,
  ruleCeilingSentence,
  saturationSentence,
} from './methods-quality.js';
import { ratedParagraphs } from './rated.js';
import {
  correlationWithInterval,
  count,
  counted,
  decimal,
  limit,
  list,
  percent,
  percentWithInterval,
  pValue,
  quoted,
  seedList,
  sentence,
} from './wording.js';

/** A heading with paragraphs; `[text](address)` in them are links. */
export interface MethodsSection {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** The methods and numbers of a study as prose. Nothing is stated that is not in the data. */
export function methodsSections(data: ReportData): MethodsSection[] {
  const sections = [
    {
      heading: data.judges.length > 0 ? 'Stimuli and trials' : 'Stimuli',
      paragraphs: [stimuliAndTrials(data)],
    },
    { heading: 'Judges', paragraphs: judgeParagraphs(data) },
    { heading: 'Ratings by models', paragraphs: ratedParagraphs(data) },
    { heading: 'Embeddings', paragraphs: embeddingParagraphs(data) },
    { heading: 'Interpretation', paragraphs: interpretationParagraphs(data) },
    { heading: 'Agreement between judges', paragraphs: agreementParagraphs(data) },
    { heading: 'Differences between prompts and judges', paragraphs: differenceParagraphs(data) },
    geometryMethods(data),
    { heading: 'Brains', paragraphs: [...(data.brain?.methods ?? [])] },
    { heading: 'Software and references', paragraphs: [softwareParagraph(data)] },
  ];
  return sections.filter(({ paragraphs }) => paragraphs.length > 0);
}

/** The same as Markdown, for a manuscript. */
export function methodsMarkdown(data: ReportData): string {
  const sections = methodsSections(data).map(
    ({ heading, paragraphs }) => `## ${heading}\n\n${paragraphs.join('\n\n')}\n`,
  );
  return `# Methods: ${oneLine(data.study.name)}\n\n${sections.join('\n')}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const embeddingParagraphs = (data: ReportData): string[] =>
  data.judges.length > 0 ? [modelParagraph(data), ...data.judges.map(fitParagraph)] : [];

function stimuliAndTrials(data: ReportData): string {
  const { stimuli, trials, ratings, judges } = data;
  const rated = ratings.map(({ name, scales }) => `${oneLine(name)} (${counted(scales.length, 'scale')})`);
  const ratingText = rated.length > 0 ? ` Ratings: ${list(rated)}.` : '';
  const sets = trials.map(
    ({ set, nTrials, design, seed }) =>
      ` The ${setNames[set]} holds ${counted(nTrials, 'trial')} (${oneLine(design)}; seed ${seed}).`,
  );
  if (judges.length === 0)
    return `We studied ${counted(stimuli.ids.length, 'stimulus', 'stimuli')}.${ratingText}`;
  const leftOut = leftOutSentence(data);
  return `We studied ${counted(stimuli.ids.length, 'stimulus', 'stimuli')} with the triplet odd-one-out task: in each trial three stimuli are presented and the judge names the one that fits least, so that the other two form the kept pair.${ratingText}${sets.join('')}${leftOut && ` ${leftOut}`}`;
}

/** How many training trials were not used because they ask a validation triplet; empty when there are none. */
export function leftOutSentence({ judges }: ReportData): string {
  const counts = judges.map(({ fit }) => fit.nLeftOut);
  if (counts.every((n) => n === 0)) return '';
  const isSame = counts.every((n) => n === counts[0]);
  const who = judges.length > 1 && isSame ? ' of each judge' : '';
  const numbers = isSame
    ? `${counted(counts[0], 'answered training trial')}${who}`
    : `Answered training trials (${list(judges.map(({ name }, i) => `${quoted(oneLine(name))} ${count(counts[i])}`))})`;
  const one = isSame && counts[0] === 1 && who === '';
  return `${numbers} ${one ? 'asks' : 'ask'} a triplet of the validation set, and ${one ? 'was' : 'were'} neither learned from nor held out.`;
}

const setNames = {
  training: 'training set',
  validation: 'validation set, never used for training,',
  ceiling: 'noise-ceiling set, in which triplets repeat,',
} as const;

function judgeParagraphs(data: ReportData): string[] {
  const rule = ruleCeilingSentence(data);
  return [...data.judges.map(judgeParagraph), ...(rule ? [rule] : [])];
}

function judgeParagraph(judge: JudgeReport): string {
  const answered = Object.entries(judge.judgments).map(
    ([set, summary]) =>
      `${count(summary.outcomes.choice)} of ${count(summary.nTrials)} ${set} trials (${losses(summary)})`,
  );
  const training = judge.judgments.training;
  const described = judge.description.trim() === '' ? '' : ` ${sentence(judge.description)}`;
  const places = training ? positionSentence(training) : '';
  const ceiling = judge.ceiling
    ? ` Asked again, the judge repeated its most frequent choice in ${percentWithInterval(judge.ceiling)} of answers (noise ceiling, ${counted(judge.ceiling.n, 'triplet')}).`
    : '';
  const answers = answered.length > 0 ? ` It answered ${list(answered)}.` : '';
  return `**${oneLine(judge.name)}** (${oneLine(judge.kind)}).${described}${answers}${places}${ceiling}${chatSentences(judge)}`;
}

function positionSentence({ positions }: JudgmentSummary): string {
  if (!positions) return ' In which order the three stimuli were shown was not recorded.';
  const { shares, test } = positions;
  return ` The stimulus shown first, second and third was named in ${shares.map(({ value }) => percent(value)).join(', ')} of choices (chi-square test of equal shares, χ²(${test.df}, n = ${count(test.n)}) = ${decimal(test.chiSquare)}, ${pValue(test.p)}).`;
}

function losses({ nTrials, outcomes, nTies }: JudgmentSummary): string {
  const ties = nTies > 0 ? `${counted(nTies, 'tie')} decided by a seeded coin` : 'no ties';
  if (outcomes.choice === nTrials) return ties;
  const { refusal, unparsed, ambiguous, failed } = outcomes;
  const undecided = ambiguous > 0 ? `${count(ambiguous)} ambiguous, ` : '';
  return `${count(refusal)} refused, ${count(unparsed)} unparsed, ${undecided}${count(failed)} failed; ${ties}`;
}

function modelParagraph({ judges }: ReportData): string {
  return `Embeddings were learned with sparse positive similarity embedding (SPoSE): the probability that the pair (i, j) of the triplet (i, j, k) is kept is exp(xᵢ·xⱼ) / [exp(xᵢ·xⱼ) + exp(xᵢ·xₖ) + exp(xⱼ·xₖ)], where x are non-negative weights.${objectiveSentences(judges)} All weights were updated with Adam.`;
}

/** One sentence, or one per objective with the judges it was used for. */
function objectiveSentences(judges: readonly JudgeReport[]): string {
  const used = (['reference', 'equation'] as const).filter((objective) =>
    judges.some(({ fit }) => fit.objective === objective),
  );
  return used
    .map((objective) => {
      const names = judges
        .filter(({ fit }) => fit.objective === objective)
        .map(({ name }) => quoted(oneLine(name)));
      return ` The objective${used.length > 1 ? ` for ${list(names)}` : ''} is ${objectives[objective]}.`;
    })
    .join('');
}

const objectives = {
  reference:
    'the mean cross-entropy of the choices plus λ / (number of stimuli) times the summed weights, as in the reference implementation',
  equation: 'the summed cross-entropy of the choices plus λ times the summed weights',
};

const schedules = {
  settle: 'kept for the first half of the epochs, then lowered linearly towards 0',
  constant: 'constant',
};

function fitParagraph({
  name,
  fit,
  curve,
  embedding,
  evaluation,
  componentsNeeded,
  ...judge
}: JudgeReport): string {
  const stopped =
    curve.length > 0 && curve.length < fit.epochs ? ` (stopped after ${count(curve.length)})` : '';
  const nonNegative =
    fit.nonNegativity === 'projection'
      ? 'projection of negative weights to zero after each step'
      : 'a soft penalty on negative weights';
  const targets = fit.soft ? ' The targets were the probabilities the judge gave.' : '';
  const ties =
    evaluation.nTies === 0
      ? 'no exact ties'
      : `${counted(evaluation.nTies, 'exact tie')} ${tieRules[evaluation.tieRule]}`;
  const warning = fitWarning(embedding, evaluation.accuracy, fit);
  const collapsed = warning ? ` ${warning}` : '';
  const explained = evaluation.explainable
    ? `, ${percentWithInterval(evaluation.explainable)} of what the noise ceiling leaves to explain above chance${evaluation.explainable.high > 1 ? ' (above 100% where the ceiling itself is uncertain)' : ''}`
    : '';
  return `**${oneLine(name)}.** The fit started with ${counted(fit.components, 'component')}, λ = ${decimal(fit.lambda, 6)}, batches of ${count(fit.batchSize)}, ${counted(fit.epochs, 'epoch')}${stopped}, learning rate ${decimal(fit.learningRate, 6)} (${schedules[fit.schedule]}), ${nonNegative}, seed ${fit.seed}.${targets} ${trialsUsed(fit)} After the fit, ${counted(embedding.nComponents, 'component')} remained; those without a weight above ${decimal(fit.pruneBelow)} were dropped. The embedding named the odd one out in ${percentWithInterval(evaluation.accuracy)} of held-out trials (chance 33.3%; n = ${count(evaluation.accuracy.n)}; ${ties}; interval: ${evaluation.accuracy.method})${explained}. The ${count(componentsNeeded.for95)} largest weights of each stimulus kept 95% of the accuracy with all of them, the ${count(componentsNeeded.for99)} largest 99% (exact ties ${tieRules[componentsNeeded.tieRule]}).${collapsed}${examinationSentences(judge)}${saturationSentence(judge)}`;
}

function trialsUsed({ nTraining, nHeldOut, nLeftOut, heldOutShare }: JudgeReport['fit']): string {
  const nUsed = nTraining + nHeldOut;
  const used =
    nLeftOut > 0
      ? `Of the ${count(nUsed + nLeftOut)} answered training trials, ${count(nLeftOut)} that ask a validation triplet were left out; of the other ${count(nUsed)},`
      : `Of the ${count(nUsed)} answered training trials,`;
  return `${used} ${percent(heldOutShare)} were held out (${count(nTraining)} for training, ${count(nHeldOut)} held out).`;
}

const tieRules = { wrong: 'counted as wrong', expected: 'given the chance share of a random pick' };

function examinationSentences({
  reproducibility,
  generalisation,
  selections,
}: Pick<JudgeReport, 'reproducibility' | 'generalisation' | 'selections'>): string {
  const chosen = selections.map(
    ({ over, nFolds, rule, candidates }) =>
      ` ${over === 'lambda' ? 'λ' : 'The number of components'} was compared over ${counted(candidates.length, 'candidate')} in ${nFolds}-fold cross-validation (rule: ${oneLine(rule).replace(/\.$/, '')}).`,
  );
  const again = reproducibility
    ? ` Over ${counted(reproducibility.seeds.length, 'run')} (${seedList(reproducibility.seeds)}), a component's highest Pearson r in another run was ${correlationWithInterval(reproducibility.overall)} on average (Fisher z; interval over ${counted(reproducibility.overall.n, 'other run')}, conditional on the reported run, which each is compared with).`
    : '';
  const carried = generalisation
    ? ` Predicted and measured similarity of ${counted(generalisation.stimuli.length, 'validation stimulus', 'validation stimuli')} correlated at r = ${correlationWithInterval(generalisation.r)} over ${counted(generalisation.nPairs, 'pair')} (interval: ${generalisation.r.method}).`
    : '';
  return `${chosen.join('')}${again}${carried}`;
}

function interpretationParagraphs({ judges, interpretation: rules }: ReportData): string[] {
  const named = judges.filter(({ interpretation }) => interpretation !== null);
  const tested = judges.filter(({ nearestCentroid }) => nearestCentroid !== null);
  const rule = `Each component was named by the ratings with the highest absolute Pearson r over stimuli, at most three; a name was kept alone when its |r| led the next by at least ${limit(rules.margin)}, and likewise the second. “High” and “low” give the sign for dimensions. A component is uninterpretable when no |r| is above ${limit(rules.threshold)}.`;
  const kinds = named.map(({ name, interpretation }) => {
    const { categorical, mixed, dimensional, uninterpretable } = interpretation!.kinds;
    return `${oneLine(name)}: ${categorical} categorical, ${mixed} mixed, ${dimensional} dimensional, ${uninterpretable} uninterpretable`;
  });
  const centroids = tested.map(({ name, nearestCentroid }) => {
    const { chance, categories, nStimuli } = nearestCentroid!;
    const { accuracy } = centroidAccuracy(nearestCentroid!);
    return `${oneLine(name)} ${percentWithInterval(accuracy)} (${counted(nStimuli, 'stimulus', 'stimuli')}, ${counted(categories.length, 'category', 'categories')}; ${count(chance.permutations)} label permutations: mean ${percent(chance.mean)}, 95% range ${percent(chance.low)} to ${percent(chance.high)}, ${pValue(chance.p)})`;
  });
  const isTop3 = tested.every(({ nearestCentroid }) => nearestCentroid!.top3 !== null);
  return [
    ...(named.length > 0 ? [`${rule} Kinds of components: ${kinds.join('; ')}.`] : []),
    ...(tested.length > 0
      ? [
          `Leave-one-out nearest-centroid classification (Euclidean distance; categories with fewer than ${count(rules.minPerCategory)} stimuli left out) ${isTop3 ? 'put the category of a stimulus among the three nearest centroids' : 'named the category of a stimulus'} for ${centroids.join('; ')}.`,
        ]
      : []),
  ];
}

function agreementParagraphs({ agreements }: ReportData): string[] {
  if (agreements.length === 0) return [];
  const pairs = agreements.map(
    ({ a, b, share, kappa }) =>
      `${oneLine(a)} and ${oneLine(b)} in ${percentWithInterval(share)} (n = ${count(share.n)}, free-marginal κ = ${decimal(kappa)})`,
  );
  return [
    `The same odd one out was named on the same trials by ${pairs.join('; ')}. Intervals: ${agreements[0].share.method}.`,
  ];
}

const spose =
  'SPoSE is described by Zheng et al. (2019), [doi:10.48550/arXiv.1901.02915](https://doi.org/10.48550/arXiv.1901.02915), and Hebart et al. (2020), [doi:10.1038/s41562-020-00951-3](https://doi.org/10.1038/s41562-020-00951-3)';

function softwareParagraph({ software, judges }: ReportData): string {
  const levels = new Set(judges.map(({ evaluation }) => evaluation.accuracy.level));
  const level = levels.size === 1 ? ` at the ${decimal(100 * [...levels][0])}% level` : '';
  const references = [
    'the analysis follows Du et al. (2025), [doi:10.48550/arXiv.2509.24298](https://doi.org/10.48550/arXiv.2509.24298)',
    ...(judges.length > 0 ? [spose] : []),
  ];
  return `Analyses were run with Affectome ${software.version} on Node ${software.node}; ${references.join('; ')}. Numbers in square brackets are intervals${level}; every number is in the tables of this report.`;
}
