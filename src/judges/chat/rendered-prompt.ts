import type { PromptMessage } from './adapter.js';

/** One or two turns, made from a template for one question. With two turns the second continues after the model's reply. */
export interface RenderedPrompt {
  readonly turns: readonly (readonly PromptMessage[])[];
}

/** A prompt as data: the same for all questions of a run. */
export interface PromptTemplate {
  readonly name: string;
  readonly description: string;
  /** SHA-256 over the canonical JSON of the template and everything that fills it but the question. */
  readonly sha256: string;
  readonly needs: 'captions' | 'media';
}
