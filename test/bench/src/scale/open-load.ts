import { Connection, requestText } from '../http/connection.js';
import { answerParent } from '../measure/child.js';
import { quantile } from '../measure/statistics.js';

/**
 * Good traffic and a flood, each at a fixed rate: a request is sent when due, whatever is still
 * pending.
 */
export interface OpenLoadOrder {
  readonly port: number;
  readonly seconds: number;
  readonly good: Stream;
  readonly flood: Stream;
}

export interface Stream {
  /** The tokens, used in rotation; an empty text means a request without credentials. */
  readonly tokens: readonly string[];
  readonly perSecond: number;
  readonly connections: number;
}

export interface OpenLoad {
  /**
   * Milliseconds from the time at which a good request was due until its response, by percentile.
   */
  readonly latency: Readonly<Record<number, number>>;
  /** Number of responses by status. */
  readonly good: Readonly<Record<number, number>>;
  readonly flood: Readonly<Record<number, number>>;
}

export const percentiles: readonly number[] = [50, 90, 95, 99, 99.9];

answerParent(async ({ port, seconds, good, flood }: OpenLoadOrder): Promise<OpenLoad> => {
  const sources = await Promise.all([open(port, good), open(port, flood)]);
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    for (const source of sources) source.sendDue(start);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(sources.map((source) => source.end()));
  const [theGood, theFlood] = sources;
  const latency = Object.fromEntries(percentiles.map((one) => [one, quantile(theGood.latencies, one / 100)]));
  return { latency, good: theGood.statuses, flood: theFlood.statuses };
});

class Source {
  readonly latencies: number[] = [];
  readonly statuses: Record<number, number> = {};
  readonly #requests: readonly string[];
  readonly #connections: readonly Connection[];
  readonly #interval: number;
  readonly #open = new Set<Promise<void>>();
  #sent = 0;

  constructor(requests: readonly string[], connections: readonly Connection[], perSecond: number) {
    this.#requests = requests;
    this.#connections = connections;
    this.#interval = 1000 / perSecond;
  }

  sendDue(start: number): void {
    for (let due = start + this.#sent * this.#interval; due <= performance.now(); due += this.#interval)
      this.#send(due);
  }

  async end(): Promise<void> {
    await Promise.all(this.#open);
    for (const connection of this.#connections) connection.close();
  }

  #send(due: number): void {
    const at = this.#sent++;
    const request = this.#requests[at % this.#requests.length] ?? '';
    const answer = this.#connections[at % this.#connections.length]?.send(request).then((status) => {
      this.latencies.push(performance.now() - due);
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    });
    if (answer === undefined) return;
    this.#open.add(answer);
    void answer.finally(() => this.#open.delete(answer));
  }
}

async function open(port: number, { tokens, perSecond, connections }: Stream): Promise<Source> {
  const requests = tokens.map((token) => requestText(port, token));
  const lines = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  return new Source(requests, lines, perSecond);
}
