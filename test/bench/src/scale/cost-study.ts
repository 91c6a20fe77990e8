import {
  type CheckOptions,
  createResourceServer,
  type ResourceServer,
  type ResourceServerOptions,
} from '@resource-server/core';
import { costOf } from './cost.js';
import { audience, type Signer } from './signer.js';
import { costChart, costColumns, type Study } from './study.js';

/** What is measured at one value of the x axis. */
interface CostSubject {
  readonly server: ResourceServer;
  readonly token: (at: number) => string;
  readonly inFlight?: number;
  readonly options?: CheckOptions;
}

/** A study of the cost of one request; each of its steps is a value of the x axis. */
interface CostPlan extends Pick<Study, 'name' | 'title' | 'what' | 'x' | 'steps' | 'briefSteps'> {
  readonly chartTitle: string;
  prepare(step: number): CostSubject;
}

export function costStudy({ chartTitle, prepare, ...plan }: CostPlan): Study {
  return {
    ...plan,
    rounds: 3,
    columns: costColumns,
    charts: [costChart(`scale-${plan.name}.svg`, chartTitle)],
    async measure(step, brief) {
      const { server, token, ...terms } = prepare(step);
      return [{ x: step, values: await costOf(server, token, { ...terms, brief }) }];
    },
  };
}

/** The issuer of the tokens in these studies. */
export const issuer = 'https://login.example.com';

/** A server with static keys of the issuer; it fetches nothing. */
export function serverWith(
  signers: readonly Signer[],
  options: Pick<ResourceServerOptions, 'maxTokenBytes'> = {},
): ResourceServer {
  const jwks = { keys: signers.map(({ publicJwk }) => publicJwk) };
  return createResourceServer({ issuer: { issuer, jwks }, audience, ...options });
}
