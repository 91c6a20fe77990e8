import { useMockIssuer } from '@resource-server/mock-issuer/vitest';
import { test } from 'vitest';
import { keepLaws } from './laws.mjs';

keepLaws(test, useMockIssuer({ alg: 'ES256' }));
