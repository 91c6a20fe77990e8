import type { SuiteCase } from '../suite-case.js';
import { badTokenCases } from './bad-tokens.js';
import { credentialCases } from './credentials.js';
import { dependencyCases } from './dependencies.js';
import { policyCases } from './policies.js';
import { proxyCases } from './proxies.js';
import { revocationCases } from './revocation.js';
import { tokenElsewhereCases } from './token-elsewhere.js';
import { tokenKindCases } from './token-kinds.js';

export const cases: readonly SuiteCase[] = [
  ...credentialCases,
  ...tokenElsewhereCases,
  ...badTokenCases,
  ...tokenKindCases,
  ...policyCases,
  ...proxyCases,
  ...revocationCases,
  ...dependencyCases,
];
