import { useMockIssuer } from '@resource-server/mock-issuer/vitest';
import { test } from 'vitest';
import { testIssuer } from './test-issuer.mjs';

testIssuer(test, useMockIssuer({ alg: 'ES256' }));
