/** Finds the stimulus that an id in another file means. */
export interface IdMatcher {
  /** Index of the stimulus, or why there is none. */
  find(text: string): number | 'unknown' | 'ambiguous';
}

/**
 * Matches an id to a stimulus by the exact text; failing that, without folder, file ending and leading zeros, so that `1`, `0001`
 * and `clips/0001.mp4` mean the same stimulus, unless two stimuli could be meant.
 */
export function matchIds(stimulusIds: readonly string[]): IdMatcher {
  const exact = new Map(stimulusIds.map((id, index) => [id.normalize(), index]));
  const loose = new Map<string, number | 'ambiguous'>();
  stimulusIds.forEach((id, index) => {
    const key = looseId(id);
    loose.set(key, loose.has(key) ? 'ambiguous' : index);
  });
  return { find: (text) => exact.get(text.normalize().trim()) ?? loose.get(looseId(text)) ?? 'unknown' };
}

/** `clips/0001.mp4` -> `1`; an ending has a letter in it, so `v1.5` stays whole. */
export function looseId(text: string): string {
  const stem = idFromPath(text);
  return /^\d+$/.test(stem) ? stem.replace(/^0+(?=\d)/, '') : stem;
}

/** `clips/0001.mp4` -> `0001`. */
export function idFromPath(path: string): string {
  const name = path.normalize().trim().split(/[/\\]/).at(-1)!;
  return name.replace(/(?<=.)\.(?=[a-z\d]*[a-z])[a-z\d]{1,5}$/i, '');
}
