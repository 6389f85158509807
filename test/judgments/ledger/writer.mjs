// A writer process for the tests: answers every open question of a plan, and prints the number of each answer once it is
// acknowledged. Arguments: folder, number of questions, milliseconds to dwell at each step.
import { writeSync } from 'node:fs';
import { openLedger } from '#dist/judgments/ledger/index.node.js';
import { answerTo, planOf } from './questions.mjs';

const [folder, questions, dwell] = process.argv.slice(2);
const nQuestions = Number(questions);
const identity = JSON.parse(process.env.LEDGER_IDENTITY);

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const onStep = (step) => {
  writeSync(1, `step ${step}\n`);
  if (Number(dwell) > 0) pause(Number(dwell));
};

try {
  const ledger = await openLedger(folder, {
    mode: 'write',
    segmentRows: 600,
    commitMs: 3,
    checkpointBytes: 2 ** 18,
    onStep,
  });
  const run = ledger.run(identity);
  const plan = planOf(nQuestions);
  run.usePlan(plan);
  writeSync(1, 'ready\n');
  const answered = run.answered(nQuestions);
  let pending = [];
  for (let number = 0; number < nQuestions; number++) {
    if (answered[number]) continue;
    pending.push(run.append([answerTo(plan, number)]).then(() => writeSync(1, `${number}\n`)));
    if (pending.length < 100) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  await run.seal();
  if (process.env.LEDGER_HOLD) await new Promise((resolve) => setTimeout(resolve, 60_000));
  await ledger.close();
  writeSync(1, 'done\n');
} catch (error) {
  writeSync(2, `${error.code} ${error.message}\n`);
  process.exit(3);
}
