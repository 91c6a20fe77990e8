import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type FetchTerms, isLoopbackOnly } from '../model/fetch-terms.js';
import { bare } from '../objects/bare.js';
import { own } from '../objects/members.js';

/** More would wait in the same server for the same processors. */
const maxSockets = 64;
/** Shorter than servers keep them, so that they are seldom closed under a question. */
const idleMilliseconds = 4000;

/**
 * The connections of one transport. Those for documents end with their document. Those for forms, of which one follows the other,
 * are kept: apart by the addresses that their terms allow, since a connection that was made for one who may go anywhere must not
 * carry the question of one who may not.
 */
export class Agents {
  readonly #kept = new Map<string, Agent>();
  readonly #plain = new Agent(bare({ keepAlive: false }));
  readonly #secure = new SecureAgent({ keepAlive: false, ...tlsDefaults() });

  agentFor(url: URL, terms: FetchTerms, isKept: boolean): Agent {
    const isPlain = url.protocol === 'http:';
    if (!isKept) return isPlain ? this.#plain : this.#secure;
    const kind = `${url.protocol} ${terms.addresses} ${isLoopbackOnly(url, terms)}`;
    const found = this.#kept.get(kind) ?? keeping(isPlain);
    this.#kept.set(kind, found);
    return found;
  }

  close(): void {
    for (const agent of [this.#plain, this.#secure, ...this.#kept.values()]) agent.destroy();
  }
}

function keeping(isPlain: boolean): Agent {
  const options = bare({ keepAlive: true, maxSockets, timeout: idleMilliseconds });
  return inStep(isPlain ? new Agent(options) : new SecureAgent({ ...options, ...tlsDefaults() }));
}

/**
 * What decides whether a server's certificate is accepted, as own members. `node:tls` copies its options into an object
 * of its own and reads these through the prototype; `process.env` has one, too.
 */
function tlsDefaults(): { readonly ca: undefined; readonly rejectUnauthorized: boolean } {
  const variable = own(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
  return bare({ ca: undefined, rejectUnauthorized: variable !== '0' });
}

/** Closes kept connections on which the server speaks unasked: what it says next could be taken for the answer to another question. */
function inStep(agent: Agent): Agent {
  const { keepSocketAlive, reuseSocket } = agent;
  agent.keepSocketAlive = (socket) => {
    socket.on('data', endUnasked);
    return keepSocketAlive.call(agent, socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', endUnasked);
    reuseSocket.call(agent, socket, request);
  };
  return agent;
}

function endUnasked(this: Duplex): void {
  this.destroy();
}
