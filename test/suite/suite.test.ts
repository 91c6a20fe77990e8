import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type DecisionMessage, decisionChannel } from '@resource-server/core';
import type { BadTokenName, BadTokens, MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { badTokenCodes, opaqueBadTokens } from './cases/bad-tokens.js';
import { cases } from './cases/index.js';
import type { Refused } from './expected.js';
import type { Harness, Running, Seen, WireResponse } from './harness.js';
import { harnesses } from './harnesses/index.js';
import type { Observation } from './matrix-reporter.js';
import { expectedFor, type SuiteCase } from './suite-case.js';
import { type TokenFormat, tokenFormats } from './token-format.js';
import { createWorld, type World } from './world.js';

const codes: string[] = [];
const collectCode = (message: unknown) => codes.push((message as DecisionMessage).code ?? 'granted');

beforeAll(() => {
  // One case is a token that only the strict profile refuses, so servers warn about it. Other
  // tests check the warning.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  subscribe(decisionChannel, collectCode);
});

afterAll(() => unsubscribe(decisionChannel, collectCode));

describe.each(tokenFormats)('the suite with tokens of the format %s', (format) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(format);
  });
  afterAll(() => world.close());

  it('the suite has a case for every invalid token that the mock issuer can make in this format', async () => {
    const tried = format === 'jwt' ? badTokenCodes : opaqueBadTokens;
    expect(Object.keys(tried).sort()).toEqual((await namesOfBadTokens(world.issuer, format)).sort());
  });

  for (const harness of harnesses) describe(harness.name, () => runSuite(harness, format, () => world));
});

/** The names of the invalid tokens that the mock issuer can make in this format. */
async function namesOfBadTokens({ bad }: MockIssuer, format: TokenFormat): Promise<string[]> {
  const names = (Object.keys(bad) as (keyof BadTokens)[]).filter(
    (name): name is BadTokenName => name !== 'missingClaim' && name !== 'mistypedClaim',
  );
  if (format === 'jwt') return names;
  const made = await Promise.allSettled(names.map(async (name) => bad[name]({ format })));
  return names.filter((_, at) => made[at]?.status === 'fulfilled');
}

function runSuite(harness: Harness, format: TokenFormat, getWorld: () => World): void {
  const applications = new Map<SuiteCase['options'], Promise<Running>>();

  afterAll(async () => {
    await Promise.all([...applications.values()].map(async (running) => (await running).close()));
  });

  for (const one of casesFor(harness, format)) {
    const expected = expectedFor(format, one);
    it(one.name, async ({ task }) => {
      const application = await applicationFor(one.options);
      const request = await one.request(getWorld());
      const handledBefore = application.handled();
      codes.length = 0;
      const response = await application.send(request);
      task.meta.observation = observe(response, request.method === 'HEAD');
      if ('seen' in expected) {
        expectSeen(response, expected.seen);
        expect(application.handled()).toBe(handledBefore + 1);
      } else {
        expectRefused(response, expected.refused, request.method === 'HEAD' && harness.name !== 'core');
        expect(codes.at(-1)).toBe(expected.refused.code);
        expect(application.handled()).toBe(handledBefore);
      }
    });
  }

  /** One application for all cases with the same options. */
  function applicationFor(options: SuiteCase['options']): Promise<Running> {
    const running = applications.get(options) ?? harness.start({ ...getWorld().options, ...options });
    applications.set(options, running);
    return running;
  }
}

/**
 * The parts that must be the same in every harness. The body is compared only for methods other
 * than HEAD, since a socket carries no body for HEAD.
 */
function observe(response: WireResponse, isHead: boolean): Observation {
  const fixed = ['www-authenticate', 'cache-control'].map((name) => linesOf(response, name));
  const isProblem = linesOf(response, 'content-type')[0] === 'application/problem+json';
  return {
    status: response.status,
    answer: JSON.stringify([response.status, ...fixed, isProblem && !isHead ? response.body : null]),
  };
}

function casesFor(harness: Harness, format: TokenFormat): readonly SuiteCase[] {
  return cases.filter((one) => {
    const canParse = harness.parsesForms || one.needsParsedForm !== true;
    const isMeant = one.onlyFor === undefined || one.onlyFor === format;
    return isMeant && canParse && (harness.repeatsHeaders || one.repeatsHeaders !== true);
  });
}

function expectSeen(response: WireResponse, seen: Seen): void {
  expect(response.status).toBe(200);
  expect(JSON.parse(response.body)).toEqual(seen);
  expect(linesOf(response, 'www-authenticate')).toEqual([]);
}

function expectRefused(response: WireResponse, refused: Refused, isBodiless: boolean): void {
  expect(response.status).toBe(refused.status);
  expect(linesOf(response, 'www-authenticate')).toEqual(refused.challenge === undefined ? [] : [refused.challenge]);
  expect(linesOf(response, 'cache-control')).toEqual(['no-store']);
  expect(linesOf(response, 'content-type')).toEqual(['application/problem+json']);
  const retryAfter = linesOf(response, 'retry-after');
  if (refused.status === 503) {
    expect(retryAfter).toHaveLength(1);
    expect(Number(retryAfter[0])).toBeOneOf(Array.from({ length: 30 }, (_, at) => at + 1));
  } else expect(retryAfter).toEqual([]);
  if (isBodiless) expect(response.body).toBe('');
  else expect(JSON.parse(response.body)).toEqual(refused.body);
}

function linesOf({ headers }: WireResponse, name: string): string[] {
  return headers.filter(([candidate]) => candidate === name).map(([, value]) => value);
}
