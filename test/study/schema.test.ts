import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { studySchema } from '#dist/study/schema.js';

describe('schema/study.schema.json', () => {
  it('is what tools/write-schema.mjs writes now (run it after changing options)', () => {
    const published = JSON.parse(
      readFileSync(new URL('../../schema/study.schema.json', import.meta.url), 'utf8'),
    );
    expect(published).toEqual(JSON.parse(JSON.stringify(studySchema)));
  });

  it('describes every key', () => {
    const undescribed: string[] = [];
    const visit = (schema: { properties?: Record<string, object> }, path: string) => {
      for (const [key, inner] of Object.entries(schema.properties ?? {})) {
        const here = `${path}.${key}`;
        if (!('properties' in inner) && !('description' in inner)) undescribed.push(here);
        visit(inner, here);
      }
    };
    visit(studySchema, 'study');
    expect(undescribed).toEqual([]);
  });
});
