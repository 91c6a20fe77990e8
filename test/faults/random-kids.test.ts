import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answered, expectInvariant, type FaultArena, harnesses, openFaultArena } from './arena.js';
import { watchProcess } from './unhandled.js';

watchProcess();

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Over sockets each request costs a connection. */
const forgeriesOver = (usesSockets: boolean) => (usesSockets ? 1000 : 5000);
const atOnce = 100;
/** One good request among so many forged ones. */
const goodOneIn = 25;

/** The token under a kid that nobody has; what else is in it does not matter, since no key is found. */
function underRandomKid(token: string): string {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: randomUUID() };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...token.split('.').slice(1)].join('.');
}

/** A flood of forged tokens with good ones among them. */
async function flood(
  arena: FaultArena,
  token: string,
  forgeries: number,
): Promise<{ forged: Answered[]; good: Answered[] }> {
  const [forged, good]: [Answered[], Answered[]] = [[], []];
  for (let sent = 0; sent < forgeries; sent += atOnce) {
    const wave = Array.from({ length: atOnce }, () => arena.ask(underRandomKid(token), false));
    const among = Array.from({ length: atOnce / goodOneIn }, () => arena.ask(token, true));
    forged.push(...(await Promise.all(wave)));
    good.push(...(await Promise.all(among)));
  }
  return { forged, good };
}

for (const harness of harnesses) {
  describe(`${harness.name}: a flood of random kids`, { timeout: 60_000 }, () => {
    const forgeries = forgeriesOver(harness.usesSockets);
    let arena: FaultArena;

    beforeEach(async () => {
      arena = await openFaultArena(harness, () => ({ options: () => ({ keys: { timeoutSeconds: 5 } }) }));
    });

    afterEach(() => arena.close());

    it.for(['cached', 'cold'] as const)(
      '[RS-OIDC-10.1.1-b] D-17: one fetch a cooldown, good traffic 100 %%: %s',
      async (column, { task }) => {
        const token = await arena.good();
        if (column === 'cached') expect((await arena.ask(token, true)).status).toBe(200);
        const { forged, good } = await flood(arena, token, forgeries);
        const made = arena.keys.heads.length;
        arena.clock.advance(30);
        await arena.ask(underRandomKid(token), false);
        await arena.ask(underRandomKid(token), false);
        const later = arena.keys.heads.length;
        const [refused, granted] = [
          forged.filter((one) => one.status === 401),
          good.filter((one) => one.status === 200),
        ];
        const seen = `forged 401 ${share(refused, forged)}, good 200 ${share(granted, good)}, ${made} fetches, ${later} after 30 s`;
        task.meta.fault = { fault: 'a flood of random kids', column, harness: harness.name, seen };
        expect([refused.length, granted.length]).toEqual([forgeries, good.length]);
        // One for the set itself, one for all unknown kids; a third when the cooldown is over.
        expect([made, later]).toEqual([2, 3]);
        expectInvariant(arena);
      },
    );
  });
}

function share(some: readonly Answered[], all: readonly Answered[]): string {
  return `${(100 * some.length) / all.length} %`;
}
