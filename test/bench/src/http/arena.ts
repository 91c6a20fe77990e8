import type { MockIssuer } from '@resource-server/mock-issuer';
import { Child } from '../measure/child.js';
import type { App } from '../subjects/apps/app.js';
import { makeTokens, refusedSamples } from '../subjects/tokens.js';
import type { World } from '../subjects/world.js';
import type { AppOrder, Mark } from './app-server.js';
import type { Load, LoadOrder } from './load.js';

const appServer = new URL('./app-server.js', import.meta.url);
const loadGenerator = new URL('./load.js', import.meta.url);

/** The figures of one round. */
export interface Reading extends Load {
  /** CPU time of the server process, in microseconds a request. */
  readonly cpu: number;
  readonly perSecond: number;
}

/** An API in a process that may only use CPU 0. */
export class AppUnderLoad {
  readonly app: App;
  readonly port: number;
  readonly #child: Child;

  private constructor(app: App, child: Child, port: number) {
    this.app = app;
    this.#child = child;
    this.port = port;
  }

  static async start(app: App, world: World): Promise<AppUnderLoad> {
    const child = new Child(appServer, { cpu: 0, isMute: true });
    const order: AppOrder = { start: app.name, world };
    return new AppUnderLoad(app, child, await child.send<number>(order));
  }

  async mark(): Promise<Mark> {
    return this.#child.send<Mark>({ mark: true } satisfies AppOrder);
  }

  end(): Promise<void> {
    return this.#child.end();
  }
}

/** The client, in a process that may only use CPU 1. */
export class LoadGenerator {
  readonly #child: Child = new Child(loadGenerator, { cpu: 1 });

  /** @throws Error unless every status is the expected one */
  async measure(
    target: AppUnderLoad,
    tokens: readonly string[],
    requests: number,
    connections: number,
    isExpected: (status: number) => boolean = (status) => status === 200,
  ): Promise<Reading> {
    const order: LoadOrder = { port: target.port, tokens, requests, connections };
    const before = await target.mark();
    const load = await this.#child.send<Load>(order);
    const cpu = ((await target.mark()) - before) / requests;
    if (!Object.keys(load.statuses).every((status) => isExpected(Number(status)))) {
      throw new Error(`${target.app.name}: unexpected answers: ${JSON.stringify(load.statuses)}`);
    }
    return { ...load, cpu, perSecond: requests / load.seconds };
  }

  end(): Promise<void> {
    return this.#child.end();
  }
}

/**
 * Figures of an API that does not validate tokens would be meaningless.
 *
 * @throws Error when the API accepts a token that it must refuse, or refuses a valid one
 */
export async function assertAnswers(
  generator: LoadGenerator,
  target: AppUnderLoad,
  world: World,
  issuer: MockIssuer,
): Promise<void> {
  await generator.measure(target, await makeTokens(issuer, world.alg, 'good', 2), 4, 1);
  if (target.app.isUnguarded) return;
  for (const token of (await refusedSamples(issuer, world.alg)).values()) {
    // Some APIs answer 500 where 401 would be right. Here it only matters that the token is
    // refused.
    await generator.measure(target, [token], 1, 1, (status) => status >= 400);
  }
}
