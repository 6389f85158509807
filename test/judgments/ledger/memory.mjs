// Adds answers and prints the resident memory in MB after each sixth of them. Arguments: folder, number of questions.
import { openLedger } from '#dist/judgments/ledger/index.node.js';
import { answerTo, planOf } from './questions.mjs';

const [folder, questions] = process.argv.slice(2);
const nQuestions = Number(questions);
const ledger = await openLedger(folder, { mode: 'write', durability: 'process' });
const run = ledger.run(JSON.parse(process.env.LEDGER_IDENTITY));
const plan = planOf(nQuestions);
run.usePlan(plan);
const sizes = [];
for (let first = 0; first < nQuestions; first += 1000) {
  await run.append(Array.from({ length: 1000 }, (_, at) => answerTo(plan, first + at)));
  if ((first + 1000) % (nQuestions / 6) === 0) sizes.push(process.memoryUsage().rss / 2 ** 20);
}
await ledger.close();
console.log(JSON.stringify(sizes));
