import {
  type CheckOptions,
  createResourceServer,
  type ResourceServer,
  type ResourceServerOptions,
} from '@resource-server/core';
import { costOf } from './cost.js';
import { audience, type Signer } from './signer.js';
import { costChart, costColumns, type Study } from './study.js';

/** What is asked at one place of the x axis. */
interface CostSubject {
  readonly server: ResourceServer;
  readonly token: (at: number) => string;
  readonly inFlight?: number;
  readonly options?: CheckOptions;
}

/** A study that asks what one request costs; each of its steps is a place of the x axis. */
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

/** Who signs in these studies. */
export const issuer = 'https://login.example.com';

/** A server that is given the keys of the issuer, and fetches nothing. */
export function serverWith(
  signers: readonly Signer[],
  options: Pick<ResourceServerOptions, 'maxTokenBytes'> = {},
): ResourceServer {
  const jwks = { keys: signers.map(({ publicJwk }) => publicJwk) };
  return createResourceServer({ issuer: { issuer, jwks }, audience, ...options });
}
