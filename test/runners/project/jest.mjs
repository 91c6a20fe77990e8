import { useMockIssuer } from '@resource-server/mock-issuer/jest';
import { testIssuer } from './test-issuer.mjs';

testIssuer(test, useMockIssuer({ alg: 'ES256' }));
