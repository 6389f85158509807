import * as z from 'zod';
import { studyOptions } from './options.js';

/** JSON Schema of study.yaml, for editors; published as schema/study.schema.json. */
export const studySchema: Readonly<Record<string, unknown>> = {
  title: 'Affectome study',
  description:
    'study.yaml: what is judged, which trials are asked, who judges, and how the answers are analysed.',
  ...z.toJSONSchema(studyOptions, { io: 'input' }),
};
