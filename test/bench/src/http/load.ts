import { answerParent } from '../measure/child.js';
import { quantile } from '../measure/statistics.js';
import { Connection, requestText } from './connection.js';

/** Sends `requests` over `connections` connections, one request at a time on each. */
export interface LoadOrder {
  readonly port: number;
  /** The tokens, used in rotation. */
  readonly tokens: readonly string[];
  readonly requests: number;
  readonly connections: number;
}

export interface Load {
  /** From the first request to the last response. */
  readonly seconds: number;
  /** Latency of one request, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Number of responses by status. */
  readonly statuses: Readonly<Record<number, number>>;
}

answerParent(async ({ port, tokens, requests, connections }: LoadOrder): Promise<Load> => {
  const texts = tokens.map((token) => requestText(port, token));
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const latencies = new Float64Array(requests);
  const statuses: Record<number, number> = {};
  let next = 0;
  const start = performance.now();
  const work = async (connection: Connection): Promise<void> => {
    for (let at = next++; at < requests; at = next++) {
      const sent = performance.now();
      const status = await connection.send(texts[at % texts.length] ?? '');
      latencies[at] = performance.now() - sent;
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(open.map(work));
  const seconds = (performance.now() - start) / 1000;
  for (const connection of open) connection.close();
  return { seconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), statuses };
});
