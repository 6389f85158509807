// The process of one row: `node run-row.js NAME` measures it and sends it to the parent.
import { benches } from './rows.js';

const name = process.argv[2];
const bench = benches.find((candidate) => candidate.name === name);
if (!bench) throw new Error(`There is no row "${name}".`);
const row = await bench.run();
process.send?.(row);
process.disconnect?.();
