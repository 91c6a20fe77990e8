import type { Fetcher } from 'aws-jwt-verify/https';

/**
 * aws-jwt-verify fetches by https only; its README describes a custom fetcher for other protocols.
 */
export class LoopbackFetcher implements Fetcher {
  async fetch(uri: string): Promise<ArrayBuffer> {
    return (await fetch(uri)).arrayBuffer();
  }
}
