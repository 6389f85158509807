import { hashValue } from '../../study/hashes.js';
import type { StudyInputs } from '../study-inputs.js';

/**
 * One name for the study's stimuli and their order, for the options of steps that read arrays in that order: with another table or
 * subset their results no longer hold, though no file they read has changed.
 */
export const stimulusOrder = ({ stimuli }: Pick<StudyInputs, 'stimuli'>): string => hashValue(stimuli.ids);
