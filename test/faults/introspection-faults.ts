import { answer } from '../../packages/core/test/support-network/scripted-server.js';
import { type Fault, faults } from './faults.js';

/** Faults that only a JWK set can have. */
const ofKeySets = new Set(['10 000 keys', 'one bad key among good ones', 'a valid empty set']);

function answering(name: string, status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return { name, effect: 'outage', reply: (socket) => socket.end(answer(status, headers, body)) };
}

const challenge = { 'www-authenticate': 'Basic realm="introspection"' };

/**
 * Every fault of a reachable introspection endpoint, by the row of SECURITY.md. Some of them any
 * server can have, others only an introspection endpoint.
 */
export const introspectionFaults: readonly Fault[] = [
  ...faults.filter(({ name }) => !ofKeySets.has(name)),
  answering('401 for our own credentials', 401, '{"error":"invalid_client"}', challenge),
  answering('403 for our own credentials', 403, '{"error":"unauthorized_client"}'),
  answering('active as text', 200, '{"active":"true"}'),
  answering('active as a number', 200, '{"active":1}'),
  answering('active is null', 200, '{"active":null}'),
  answering('no active', 200, '{"scope":"read write admin"}'),
  answering('active twice', 200, '{"active":false,"active":true}'),
  answering('a JWT where JSON was requested', 200, 'eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWV9.'),
];
