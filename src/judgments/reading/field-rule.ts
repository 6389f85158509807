import type { Reading } from './reading.js';

/**
 * Version 1: the rule known from the field, kept to measure what it costs; never the default. The first "Video N" in the
 * first sentence with "noticeably different", and nothing else. "Unlike Video 1 and Video 2, Video 3 is noticeably different" reads as
 * Video 1, "Video+3" and "the second video" are missed. What it misses is `unparsed` here; the known scripts repeat the previous answer instead.
 */
export function readByFieldRule(text: string): Reading {
  const sentence = text.split(/[.!?\n]/).find((part) => part.toLowerCase().includes('noticeably different'));
  if (sentence === undefined) return { kind: 'unparsed', why: 'no sentence has "noticeably different"' };
  const id = /video ([0-9])/i.exec(sentence)?.[1];
  if (id === '1' || id === '2' || id === '3')
    return { kind: 'choice', position: (Number(id) - 1) as 0 | 1 | 2 };
  return { kind: 'unparsed', why: 'no "Video 1", "Video 2" or "Video 3" beside "noticeably different"' };
}
