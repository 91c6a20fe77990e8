import { test } from 'node:test';
import { useMockIssuer } from '@resource-server/mock-issuer/node-test';
import { testIssuer } from './test-issuer.mjs';

testIssuer(test, useMockIssuer({ alg: 'ES256' }));
