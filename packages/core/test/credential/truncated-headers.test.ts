import { describe, expect, it } from 'vitest';
import { readCredential } from '../../src/credential/read-credential.js';
import { Refusal } from '../../src/model/refusal.js';
import type { HttpRequest } from '../../src/model/request.js';
import { Credential } from '../../src/model/stages.js';
import { fromIncomingMessage } from '../../src/node/from-incoming-message.js';

const settings = { tokenElsewhere: 'reject' } as const;
const good: HttpRequest = { method: 'GET', url: '/', rawHeaders: ['Authorization', 'Bearer a'] };

describe('requests whose header lines were truncated by the server (D-04) [RS-9110-5.3-a]', () => {
  it('truncated headers are refused, since a dropped line may be a second Authorization line', () => {
    expect(readCredential(good, settings)).toBeInstanceOf(Credential);
    expect(readCredential({ ...good, headersTruncated: false }, settings)).toBeInstanceOf(Credential);
    const refusal = readCredential({ ...good, headersTruncated: true }, settings);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).code).toBe('credentials_malformed');
    const none = { ...good, rawHeaders: [], headersTruncated: true };
    expect((readCredential(none, settings) as Refusal).code).toBe('credentials_malformed');
  });

  it.each([
    [999, undefined, false],
    [1000, undefined, true],
    [1023, null, true],
    [49, 50, false],
    [50, 50, true],
    [5000, 0, false],
  ])('%i header lines with a server limit of %s are truncated: %s', (lines, maxHeadersCount, expected) => {
    const rawHeaders = Array.from({ length: lines }, () => ['a', '']).flat();
    const socket = { server: maxHeadersCount === undefined ? {} : { maxHeadersCount } };
    expect(fromIncomingMessage({ headers: {}, rawHeaders, socket }).headersTruncated === true).toBe(expected);
  });

  it('header lines without a server are not truncated', () => {
    expect(fromIncomingMessage({ headers: {}, rawHeaders: ['a', ''] }).headersTruncated).toBeUndefined();
    expect(fromIncomingMessage({ headers: {}, socket: null }).headersTruncated).toBeUndefined();
  });
});
