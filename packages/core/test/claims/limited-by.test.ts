import { describe, expect, it } from 'vitest';
import { limitedBy } from '../../src/claims/limited-by.js';
import { Credential, IntrospectedToken } from '../../src/model/stages.js';
import { jsonObject } from '../support/json-object.js';
import { passed, refusalIn } from '../support/verdict.js';

const credential = new Credential('Bearer', 'a.b.c');
const answered = (claims: object) =>
  new IntrospectedToken(credential, 'https://issuer.test', jsonObject({ ...claims }));
const narrowed = (own: object, answer: object) => limitedBy(jsonObject({ ...own }), answered(answer));

describe('an answer about a JWT', () => {
  it.each(['exp', 'nbf', 'cnf', 'status'])('takes %s from it where it says nothing of that', (name) => {
    const { claims } = passed(narrowed({ [name]: 7, sub: 'mallory' }, { active: true }));
    expect({ ...claims }).toEqual({ active: true, [name]: 7 });
    expect(Object.isFrozen(claims)).toBe(true);
    expect(Object.getPrototypeOf(claims)).toBe(null);
  });

  const list = { status_list: { idx: 1, uri: 'https://issuer.test/list' } };

  it.each(['active', 1, null, { state: 'active' }])(
    'a status of the answer that refers to no list (%j) does not hide the reference of the JWT',
    (status) => {
      expect({ ...passed(narrowed({ status: list }, { status })).claims }).toEqual({ status: list });
      expect({ ...passed(narrowed({ status: 'other' }, { status })).claims }).toEqual({ status });
    },
  );

  it('a reference of the answer counts, whatever the JWT refers to', () => {
    const other = { status_list: { idx: 2, uri: 'https://issuer.test/other' } };
    for (const status of [list, 'active']) {
      expect({ ...passed(narrowed({ status }, { status: other })).claims }).toEqual({ status: other });
    }
  });

  it('says itself what it says', () => {
    const { claims } = passed(narrowed({ exp: 1, scope: 'admin' }, { active: true, exp: 2 }));
    expect({ ...claims }).toEqual({ active: true, exp: 2 });
  });

  it('is about that one: another jti is another token', () => {
    expect(refusalIn(narrowed({ jti: 'a' }, { jti: 'b' })).code).toBe('claim_malformed');
    for (const [own, said] of [
      [{ jti: 'a' }, { jti: 'a' }],
      [{ jti: 'a' }, {}],
      [{}, { jti: 'b' }],
    ] as const) {
      expect(passed(narrowed(own, said))).toBeInstanceOf(IntrospectedToken);
    }
  });
});
