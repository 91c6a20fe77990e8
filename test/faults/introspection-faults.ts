import { answer } from '../../packages/core/test/support-network/scripted-server.js';
import { type Fault, faults } from './faults.js';

/** Faults that are about the keys in a set. */
const ofKeySets = new Set(['10 000 keys', 'one bad key among good ones', 'a valid empty set']);

function saying(name: string, status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return { name, effect: 'outage', reply: (socket) => socket.end(answer(status, headers, body)) };
}

const challenge = { 'www-authenticate': 'Basic realm="introspection"' };

/** Every fault of an introspection endpoint that is there, by the row of SECURITY.md: what any server can have, and what only such a one can. */
export const introspectionFaults: readonly Fault[] = [
  ...faults.filter(({ name }) => !ofKeySets.has(name)),
  saying('401 for our own credentials', 401, '{"error":"invalid_client"}', challenge),
  saying('403 for our own credentials', 403, '{"error":"unauthorized_client"}'),
  saying('active as text', 200, '{"active":"true"}'),
  saying('active as a number', 200, '{"active":1}'),
  saying('active is null', 200, '{"active":null}'),
  saying('no active', 200, '{"scope":"read write admin"}'),
  saying('active twice', 200, '{"active":false,"active":true}'),
  saying('a JWT where JSON was asked for', 200, 'eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWV9.'),
];
