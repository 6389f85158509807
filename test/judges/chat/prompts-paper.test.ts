import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '#dist/judges/chat/prompts.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const data = process.env.AFFECTOME_DATA ?? `${root}../shared/data`;
const paper = `${data}/../papers/P1_bridging_the_behavior_neural_gap.txt`;
const isHere = existsSync(paper);

/** Words alone: quotation marks, line breaks and the paper's "/n" aside. */
const words = (text: string) => text.replaceAll('/n', ' ').replaceAll('"', '').replace(/\s+/g, ' ').trim();

describe.skipIf(!isHere)(`the prompts as P1 prints them${isHere ? '' : ` (skipped: no ${paper})`}`, () => {
  const text = isHere ? words(readFileSync(paper, 'utf8')) : '';
  const figure = text.slice(text.indexOf('a. Prompt template 1'));

  it.each([
    ['p1-1', 'a. Prompt template 1', 'b. Prompt'],
    ['p1-2', 'b. Prompt template 2', 'c. Prompt'],
    ['p1-3', 'c. Prompt template 3', 'd. Prompt'],
    ['interleaved', 'd. Prompt template 4', 'Supplementary Fig. 1'],
  ])('%s is the whole of its panel', async (name, from, to) => {
    const panel = figure
      .slice(figure.indexOf(from) + from.length, figure.indexOf(to))
      .replace('Location selection ratio', '');
    expect(words(await fixedText(name))).toBe(words(panel));
  });

  it.each([
    ['interleaved-methods', 'Text input 1: Now we need', 'During inference, videos were resized'],
    [
      'captions',
      'Text input 1: Now we need to perform a role-playing task. Your role is an expert in analyzing the emotions conveyed in videos, each',
      'For the comparative scaling analysis, we collected data from a range of other',
    ],
  ])('%s is what Methods print', async (name, from, to) => {
    const start = text.indexOf(from);
    const printed = text
      .slice(start, text.indexOf(to, start))
      .replace(/Text input \d:|Video input:|\{\[Video_1.*?\]\}/g, ' ');
    const ours = (await fixedText(name)).replace(/Video [123]: /g, ' ');
    expect(words(ours)).toBe(words(printed));
  });
});

async function fixedText(name: string): Promise<string> {
  const { turns } = await loadTemplate(name, { readFile: () => Promise.reject(new Error('none')) });
  return turns
    .flat()
    .flatMap(({ segments }) => segments.map((s) => (s.kind === 'text' ? s.text : ' ')))
    .join('');
}
