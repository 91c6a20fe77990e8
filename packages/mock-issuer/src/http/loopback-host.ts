import { isIP } from 'node:net';
import { isLoopback } from './listener.js';

/** Whether the host of an address is this machine: an IP address of loopback, or `localhost`. */
export function isLoopbackHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}
