// Writes schema/study.schema.json from the options of the stages. Run after a build; a test checks that it is current.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { studySchema } from '../dist/study/schema.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'schema', 'study.schema.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(studySchema, null, 2)}\n`);
console.log(`Wrote ${file}`);
