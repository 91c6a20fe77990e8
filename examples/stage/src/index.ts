/*
 * The play that every quickstart performs: an issuer and the example's API as real HTTP servers, and
 * requests of every kind with the answers they must get.
 */
import { type Outcome, play } from './play.js';
import { writeScenes } from './scenes.js';
import { serve } from './serve.js';
import { type CreateApi, openStage, type Stage } from './stage.js';
import { heading, tableHead, tableRow } from './table.js';

/** What an example brings. */
export interface Example {
  readonly framework: string;
  /** How it is run. */
  readonly command: string;
  readonly createApi: CreateApi;
}

/**
 * Performs the play with an API, or with `--serve` keeps everything up and prints requests to try. The
 * process exits with 1 when one answer is not what the table promises.
 */
export async function perform({ framework, command, createApi }: Example): Promise<void> {
  const stage = await openStage(createApi);
  if (process.argv.includes('--serve')) await serve(framework, stage);
  else {
    process.exitCode = (await performAll(framework, stage)) ? 0 : 1;
    console.log(`\nWhy was it refused?      NODE_DEBUG=resource-server ${command}`);
    console.log(`Try it with curl:        ${command} --serve\n`);
  }
}

async function performAll(framework: string, stage: Stage): Promise<boolean> {
  console.log(heading(`\nThe ${framework} API at ${stage.api}, guarded by tokens of ${stage.issuer.issuer}\n`));
  console.log(tableHead());
  const outcomes: Outcome[] = [];
  for (const scene of await writeScenes(stage)) {
    const outcome = await play(scene, stage.api);
    outcomes.push(outcome);
    console.log(tableRow(outcome));
  }
  await stage.close();
  const right = outcomes.filter((outcome) => outcome.asExpected).length;
  console.log(heading(`\n${right} of ${outcomes.length} answers as they should be.`));
  return right === outcomes.length;
}
