import { describe, expect, it } from 'vitest';
import { limitedBy } from '../../src/claims/limited-by.js';
import { Credential, IntrospectedToken } from '../../src/model/stages.js';
import { jsonObject } from '../support/json-object.js';
import { passed, refusalIn } from '../support/verdict.js';

const credential = new Credential('Bearer', 'a.b.c');
const answered = (claims: object) =>
  new IntrospectedToken(credential, 'https://issuer.test', jsonObject({ ...claims }));
const narrowed = (own: object, answer: object) => limitedBy(jsonObject({ ...own }), answered(answer));

describe('an introspection answer about a JWT', () => {
  it.each(['exp', 'nbf', 'cnf', 'status'])('an introspection answer without %s takes it from the JWT', (name) => {
    const { claims } = passed(narrowed({ [name]: 7, sub: 'mallory' }, { active: true }));
    expect({ ...claims }).toEqual({ active: true, [name]: 7 });
    expect(Object.isFrozen(claims)).toBe(true);
    expect(Object.getPrototypeOf(claims)).toBe(null);
  });

  it('an answer that the JWT does not narrow is returned as it is', () => {
    const answer = answered({ active: true, exp: 2, cnf: { jkt: 'x' } });
    for (const own of [{}, { sub: 'mallory' }, { exp: 1, cnf: { status_list: {} } }]) {
      expect(limitedBy(jsonObject({ ...own }), answer)).toBe(answer);
    }
  });

  const list = { status_list: { idx: 1, uri: 'https://issuer.test/list' } };

  it.each(['active', 1, null, { state: 'active' }])(
    'a status %j that refers to no list does not hide the status list reference of the JWT',
    (status) => {
      expect({ ...passed(narrowed({ status: list }, { status })).claims }).toEqual({ status: list });
      expect({ ...passed(narrowed({ status: 'other' }, { status })).claims }).toEqual({ status });
    },
  );

  it('a status list reference of the answer replaces the one of the JWT', () => {
    const other = { status_list: { idx: 2, uri: 'https://issuer.test/other' } };
    for (const status of [list, 'active']) {
      expect({ ...passed(narrowed({ status }, { status: other })).claims }).toEqual({ status: other });
    }
  });

  it('a member of the answer replaces the claim of the JWT, and scope is not taken from the JWT', () => {
    const { claims } = passed(narrowed({ exp: 1, scope: 'admin' }, { active: true, exp: 2 }));
    expect({ ...claims }).toEqual({ active: true, exp: 2 });
  });

  it('an introspection answer with another jti than the JWT is malformed', () => {
    const refusal = refusalIn(narrowed({ jti: 'a' }, { jti: 'b' }));
    expect([refusal.code, refusal.detail]).toEqual([
      'claim_malformed',
      { expected: 'jti: the same in the token and in the answer' },
    ]);
    for (const [own, answer] of [
      [{ jti: 'a' }, { jti: 'a' }],
      [{ jti: 'a' }, {}],
      [{}, { jti: 'b' }],
    ] as const) {
      expect(passed(narrowed(own, answer))).toBeInstanceOf(IntrospectedToken);
    }
  });
});
