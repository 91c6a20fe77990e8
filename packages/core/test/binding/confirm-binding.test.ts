import { describe, expect, it } from 'vitest';
import { confirmBinding } from '../../src/binding/confirm-binding.js';
import { ConfirmedToken } from '../../src/model/stages.js';
import { goodClaims, validToken } from '../support/stages.js';
import { verdict } from '../support/verdict.js';

describe('tokens with cnf, since bindings are not supported yet (D-25)', () => {
  it.each([
    [{ jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }],
    [{ 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' }],
    [{ jwk: { kty: 'OKP' } }],
    [{ kid: 'k' }],
    [{ unheard: 'of' }],
    [{}],
    [null],
    [''],
    ['jkt'],
    [0],
    [false],
    [[]],
  ])('a token with cnf %j is refused: binding_unsupported (D-25)', (cnf) => {
    expect(verdict(confirmBinding(validToken({ claims: goodClaims({ cnf }) })))).toBe('binding_unsupported');
  });

  it('a token without cnf is confirmed as a plain bearer token', () => {
    const valid = validToken();
    const confirmed = confirmBinding(valid);
    expect(confirmed).toBeInstanceOf(ConfirmedToken);
    expect(confirmed).toMatchObject({ binding: 'none', token: valid.token });
  });

  it('claims other than cnf do not bind a token', () => {
    expect(verdict(confirmBinding(validToken({ claims: goodClaims({ jkt: 'x', CNF: {}, act: {} }) })))).toBe('passed');
  });
});
