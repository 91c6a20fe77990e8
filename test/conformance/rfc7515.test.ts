import { describe, expect, it } from 'vitest';
import { decodeCompactJws } from '../../packages/core/src/jws/compact.js';
import { Malformed } from '../../packages/core/src/jws/malformed.js';
import { importPublicKey, PublicKey } from '../../packages/core/src/jws/public-key.js';
import { keyRules } from '../../packages/core/test/support/key-rules.js';
import { verifyBothWays } from '../../packages/core/test/support/verify-both-ways.js';

/*
 * The published examples of RFC 7515. Their payload has line breaks and spaces between its
 * members, so that only the received octets verify, not a new serialization.
 */

const payload = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

const examples = [
  {
    name: 'appendix A.2 (RS256)',
    jwk: {
      kty: 'RSA',
      n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    },
    token: `eyJhbGciOiJSUzI1NiJ9.${payload}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  },
  {
    name: 'appendix A.3 (ES256)',
    jwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    token: `eyJhbGciOiJFUzI1NiJ9.${payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  },
] as const;

describe.each(examples)('the example of RFC 7515 $name [RS-7515-5.2-c]', ({ jwk, token }) => {
  const jws = decodeCompactJws(token);
  const key = importPublicKey(jwk, keyRules());
  if (jws instanceof Malformed || !(key instanceof PublicKey)) throw new Error('the example cannot be decoded');

  it('the published signature verifies over the received octets', async () => {
    expect(await verifyBothWays(key, jws.signingInput, jws.signature)).toBe(true);
    expect(jws.payload).toEqual({ iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true });
  });

  it('the published signature does not verify over a new serialization of the claims', async () => {
    const rewritten = Buffer.from(JSON.stringify(jws.payload)).toString('base64url');
    const [header] = token.split('.');
    expect(await verifyBothWays(key, `${header}.${rewritten}`, jws.signature)).toBe(false);
  });
});
