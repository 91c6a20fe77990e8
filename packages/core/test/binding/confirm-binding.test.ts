import { describe, expect, it } from 'vitest';
import { confirmBinding } from '../../src/binding/confirm-binding.js';
import { ConfirmedToken } from '../../src/model/stages.js';
import { goodClaims, validToken } from '../support/stages.js';
import { verdict } from '../support/verdict.js';

describe('D-25: until bindings exist, any cnf refuses the token', () => {
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
  ])('cnf %j', (cnf) => {
    expect(verdict(confirmBinding(validToken({ claims: goodClaims({ cnf }) })))).toBe('binding_unsupported');
  });

  it('without cnf the token is whoever holds it', () => {
    const valid = validToken();
    const confirmed = confirmBinding(valid);
    expect(confirmed).toBeInstanceOf(ConfirmedToken);
    expect(confirmed).toMatchObject({ binding: 'none', token: valid.token });
  });

  it('other claims bind nothing', () => {
    expect(verdict(confirmBinding(validToken({ claims: goodClaims({ jkt: 'x', CNF: {}, act: {} }) })))).toBe('passed');
  });
});
