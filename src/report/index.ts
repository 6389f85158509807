export type { InterpretationRules, JudgeReport, ReportData } from './data.js';
export { type Report, renderReport } from './render.js';
