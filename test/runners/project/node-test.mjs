import { test } from 'node:test';
import { useMockIssuer } from '@resource-server/mock-issuer/node-test';
import { keepLaws } from './laws.mjs';

keepLaws(test, useMockIssuer({ alg: 'ES256' }));
