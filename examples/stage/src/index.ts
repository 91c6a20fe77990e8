/*
 * The program that every quickstart runs: an issuer and the example's API as real HTTP servers, and
 * requests of every kind with the expected responses.
 */
import { type Outcome, play } from './play.js';
import { writeScenes } from './scenes.js';
import { serve } from './serve.js';
import { type CreateApi, openStage, type Stage } from './stage.js';
import { heading, tableHead, tableRow } from './table.js';

/** The parts that an example provides. */
export interface Example {
  readonly framework: string;
  /** The command that runs the example. */
  readonly command: string;
  readonly createApi: CreateApi;
}

/**
 * Sends all requests to an API, or with `--serve` keeps the servers running and prints curl
 * commands. The process exits with 1 when a response differs from the expected one.
 */
export async function perform({ framework, command, createApi }: Example): Promise<void> {
  const stage = await openStage(createApi);
  if (process.argv.includes('--serve')) await serve(framework, stage);
  else {
    process.exitCode = (await performAll(framework, stage)) ? 0 : 1;
    console.log(`\nReasons for the refusals:  NODE_DEBUG=resource-server ${command}`);
    console.log(`Try it with curl:          ${command} --serve\n`);
  }
}

async function performAll(framework: string, stage: Stage): Promise<boolean> {
  console.log(heading(`\nThe ${framework} API at ${stage.api}, protected by tokens of ${stage.issuer.issuer}\n`));
  console.log(tableHead());
  const outcomes: Outcome[] = [];
  for (const scene of await writeScenes(stage)) {
    const outcome = await play(scene, stage.api);
    outcomes.push(outcome);
    console.log(tableRow(outcome));
  }
  await stage.close();
  const right = outcomes.filter((outcome) => outcome.asExpected).length;
  console.log(heading(`\n${right} of ${outcomes.length} responses as expected.`));
  return right === outcomes.length;
}
