import * as Plot from '@observablehq/plot';
import type { Reproducibility } from '../../embedding/results.js';
import { chart } from '../chart.js';
import { ink, quiet } from '../colour.js';
import type { JudgeReport } from '../data.js';
import type { Figure } from '../figure.js';
import {
  correlation,
  correlationWithInterval,
  counted,
  intervalName,
  quoted,
  seedList,
  unitTick,
} from '../wording.js';

/** Highest r of each component in the other runs, with its interval (P1 Ext. Data Fig. 1b-e). */
export function reproducibilityDots(
  judge: JudgeReport,
  result: Reproducibility,
  colour: string,
  name: string,
): Figure {
  const points = result.components
    .map((estimate, index) => ({ component: index + 1, ...estimate }))
    .filter(({ value }) => Number.isFinite(value));
  const bars = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  const floor = Math.min(0, ...bars.map(({ low }) => low), ...points.map(({ value }) => value));
  const width = 760;
  const height = 260;
  const undefinedCount = result.components.length - points.length;
  const nOther = result.seeds.length - 1;
  const overall = Number.isFinite(result.overall.value) ? [result.overall.value] : [];
  return {
    name,
    title: `How surely ${quoted(judge.name)} would find the same components again.`,
    caption: `For each component, the mean over ${counted(nOther, 'other run')} (Fisher z) of its highest Pearson r with any component of that run; ${seedList(result.seeds)}. Bars: ${intervalName(result.overall)}, over the other runs and conditional on the reported run, which each is compared with. Dashed line: mean over components, r = ${correlationWithInterval(result.overall)}.${undefinedCount > 0 ? ` ${counted(undefinedCount, 'component')} without a defined r not drawn.` : ''}`,
    alt: `Dot plot of reproducibility of ${counted(result.components.length, 'component')}; mean r = ${correlation(result.overall.value)}.`,
    width,
    height,
    body: chart({
      width,
      height,
      marginLeft: 52,
      marginRight: 18,
      marginTop: 14,
      marginBottom: 40,
      x: {
        domain: [0.4, result.components.length + 0.6],
        label: 'Component',
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: 'd',
        ticks: Math.min(result.components.length, 15),
      },
      y: {
        domain: [floor, 1],
        label: 'Highest r in other runs',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        tickFormat: unitTick,
        grid: true,
      },
      marks: [
        Plot.ruleY(overall, { stroke: quiet, strokeDasharray: '4,3' }),
        Plot.ruleX(bars, {
          x: 'component',
          y1: 'low',
          y2: 'high',
          stroke: colour,
          strokeWidth: 5,
          strokeOpacity: 0.25,
          className: 'interval',
        }),
        Plot.dot(points, { x: 'component', y: 'value', fill: colour, r: points.length > 60 ? 2 : 3.5 }),
        Plot.ruleY([floor], { stroke: ink, strokeOpacity: 0.4 }),
      ],
    }),
  };
}
