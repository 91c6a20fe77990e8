import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type FetchTerms, isLoopbackOnly } from '../model/fetch-terms.js';
import { bare } from '../objects/bare.js';
import { own } from '../objects/members.js';

/** More connections would only wait for the same processors of the same server. */
const maxSockets = 64;
/**
 * Shorter than the idle timeout of servers, so that a server seldom closes a connection during a
 * request.
 */
const idleMilliseconds = 4000;

/**
 * The connections of one transport.
 *
 * A connection for a document is closed after the document. Connections for forms are kept alive,
 * because forms follow one another. Kept connections are separated by the addresses that their
 * terms allow: a connection opened under terms for any address must not carry a request whose terms
 * are limited to public addresses.
 */
export class Agents {
  readonly #keptAlive = new Map<string, Agent>();
  readonly #plain = new Agent(bare({ keepAlive: false }));
  readonly #secure = new SecureAgent({ keepAlive: false, ...tlsDefaults() });

  agentFor(url: URL, terms: FetchTerms, keepAlive: boolean): Agent {
    const isPlain = url.protocol === 'http:';
    if (!keepAlive) return isPlain ? this.#plain : this.#secure;
    const kind = `${url.protocol} ${terms.addresses} ${isLoopbackOnly(url, terms)}`;
    const found = this.#keptAlive.get(kind) ?? keepAliveAgent(isPlain);
    this.#keptAlive.set(kind, found);
    return found;
  }

  close(): void {
    for (const agent of [this.#plain, this.#secure, ...this.#keptAlive.values()]) agent.destroy();
  }
}

function keepAliveAgent(isPlain: boolean): Agent {
  const options = bare({ keepAlive: true, maxSockets, timeout: idleMilliseconds });
  return closeOnUnexpectedData(isPlain ? new Agent(options) : new SecureAgent({ ...options, ...tlsDefaults() }));
}

/**
 * The TLS options that decide whether a server's certificate is accepted, as own properties.
 * `node:tls` copies its options into another object and reads these two through the prototype,
 * where a polluted `Object.prototype` could change them. `process.env` has a prototype too.
 */
function tlsDefaults(): { readonly ca: undefined; readonly rejectUnauthorized: boolean } {
  const variable = own(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
  return bare({ ca: undefined, rejectUnauthorized: variable !== '0' });
}

/**
 * Closes an idle connection when the server sends data without a request. That data could be taken
 * for the response to the next request.
 */
function closeOnUnexpectedData(agent: Agent): Agent {
  const { keepSocketAlive, reuseSocket } = agent;
  agent.keepSocketAlive = (socket) => {
    socket.on('data', closeSocket);
    return keepSocketAlive.call(agent, socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', closeSocket);
    reuseSocket.call(agent, socket, request);
  };
  return agent;
}

function closeSocket(this: Duplex): void {
  this.destroy();
}
