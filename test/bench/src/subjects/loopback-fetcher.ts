import type { Fetcher } from 'aws-jwt-verify/https';

/** aws-jwt-verify fetches by https alone; a fetcher of one's own is how its README has other ways. */
export class LoopbackFetcher implements Fetcher {
  async fetch(uri: string): Promise<ArrayBuffer> {
    return (await fetch(uri)).arrayBuffer();
  }
}
