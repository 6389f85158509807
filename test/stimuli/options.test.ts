import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ratingsOptions, stimuliOptions } from '#dist/stimuli/options.js';

describe('the stimuli section', () => {
  it('takes ids of a subset as text or as the numbers that YAML makes of them', () => {
    expect(stimuliOptions.parse({ table: 's.tsv', subset: ['0001', 2, 3] })).toEqual({
      table: 's.tsv',
      subset: ['0001', '2', '3'],
    });
    expect(stimuliOptions.safeParse({ table: 's.tsv', pictures: 'x' }).success).toBe(false);
  });
});

describe('the ratings section', () => {
  it('takes a path or a description', () => {
    const groups = { table: 'g.tsv', kind: 'category', min: 0, max: 1 };
    expect(ratingsOptions.parse({ feelings: 'f.tsv', groups })).toEqual({
      feelings: { table: 'f.tsv', missing: 'error' },
      groups: { ...groups, missing: 'error' },
    });
  });

  it.each([
    { groups: { table: 'g.tsv', min: 1, max: 0 } },
    { groups: { table: 'g.tsv', colour: 'red' } },
    { '../groups': 'g.tsv' },
    { groups: '' },
  ])('refuses %j', (section) => {
    expect(ratingsOptions.safeParse(section).success).toBe(false);
  });
});

it('both have a JSON Schema', () => {
  for (const section of [stimuliOptions, ratingsOptions]) {
    expect(z.toJSONSchema(section, { io: 'input' })).toMatchObject({ type: 'object' });
  }
});
