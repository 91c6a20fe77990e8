import { useMockIssuer } from '@resource-server/mock-issuer/jest';
import { keepLaws } from './laws.mjs';

keepLaws(test, useMockIssuer({ alg: 'ES256' }));
