import { parseDelimited, type Table } from '#dist/formats/delimited.js';

/** A table from its text. */
export const tableOf = (text: string, file = 'table.csv'): Table =>
  parseDelimited(new TextEncoder().encode(text), file);
