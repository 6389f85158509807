export { agreement } from './agreement.js';
export { noiseCeiling } from './ceiling.js';
export {
  type JudgmentColumnName,
  type JudgmentColumns,
  type JudgmentFacts,
  judgmentColumns,
  judgmentsFromColumns,
} from './columns.js';
export { type Judgments, noChoice, type Outcome, outcomes } from './judgments.js';
export { countPositions } from './positions.js';
export type { Agreement, JudgmentSummary, Positions } from './results.js';
export { summariseJudgments } from './summary.js';
