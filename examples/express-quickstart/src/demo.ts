/*
 * The main job, for real: an issuer and an Express API as HTTP servers, and requests of every kind
 * with the answers they get. Exits with 1 when one answer is not what the table promises.
 *
 * `--serve` keeps both servers up instead and prints requests to try.
 */
import { type Outcome, play } from './play.js';
import { writeScenes } from './scenes.js';
import { serve } from './serve.js';
import { openStage } from './stage.js';
import { heading, tableHead, tableRow } from './table.js';

const stage = await openStage();
if (process.argv.includes('--serve')) await serve(stage);
else process.exitCode = await perform();

async function perform(): Promise<number> {
  console.log(heading(`\nAn Express API at ${stage.api}, guarded by tokens of ${stage.issuer.issuer}\n`));
  console.log(tableHead());
  const outcomes: Outcome[] = [];
  for (const scene of await writeScenes(stage)) {
    const outcome = await play(scene, stage.api);
    outcomes.push(outcome);
    console.log(tableRow(outcome));
  }
  await stage.close();
  const wrong = outcomes.filter((outcome) => !outcome.asExpected).length;
  console.log(heading(`\n${outcomes.length - wrong} of ${outcomes.length} answers as they should be.`));
  console.log('\nWhy was it refused?      NODE_DEBUG=resource-server pnpm demo');
  console.log('Try it with curl:        pnpm demo --serve\n');
  return wrong === 0 ? 0 : 1;
}
