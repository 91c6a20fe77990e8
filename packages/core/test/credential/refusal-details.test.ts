import { describe, expect, it } from 'vitest';
import { credentialOf, readCredential, refuseGrammar } from '../../src/credential/read-credential.js';
import { Credential } from '../../src/model/stages.js';
import { authorized, requestWith } from '../support/requests.js';
import { refusalIn } from '../support/verdict.js';

const settings = { tokenElsewhere: 'reject' } as const;

describe('details of credential refusals for operators', () => {
  it.each([
    ['credentials_malformed', 'Bearer, spaces, one token68', authorized('Bearer hush hush')],
    ['credentials_malformed', 'Bearer, spaces, one token68', authorized('"hush"')],
    [
      'credentials_repeated',
      'one Authorization line',
      requestWith(['Authorization', 'Bearer hush', 'Authorization', 'Bearer hush']),
    ],
    [
      'token_elsewhere',
      'the access token in the Authorization header only',
      authorized('Bearer hush', { url: '/r?access_token=hush' }),
    ],
    [
      'credentials_malformed',
      'at most as many header lines as the HTTP server keeps',
      authorized('Bearer hush', { headersTruncated: true }),
    ],
  ])('the detail of %s is: %s, without the credential', (code, expected, request) => {
    const read = readCredential(request, settings);
    const refusal = read instanceof Credential ? refuseGrammar(read) : read;
    expect(refusalIn(refusal)).toMatchObject({ code, detail: { expected } });
    expect(readCredential(authorized('Bearer hush'), settings)).toBeInstanceOf(Credential);
  });

  it.each([
    ['credentials_missing', 'an access token', undefined],
    ['credentials_missing', 'an access token', ''],
    ['token_malformed', 'a token68', 'hush hush'],
  ])('the detail for a token without a scheme, %s, is: %s', (code, expected, token) => {
    const refusal = refusalIn(credentialOf(token));
    expect([refusal.code, refusal.detail]).toEqual([code, { expected }]);
    expect(credentialOf('hush')).toBeInstanceOf(Credential);
  });
});
