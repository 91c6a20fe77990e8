import { authorizationServer } from './authorization-server.js';
import { clientRegistration } from './client-registration.js';
import { cors } from './cors.js';
import { decisions } from './decisions.js';
import { mockIssuer } from './mock-issuer.js';
import { oauth21 } from './oauth-2.1.js';
import type { Requirement } from './requirement.js';
import { rfc6750 } from './rfc6750.js';
import { rfc7515 } from './rfc7515.js';
import { rfc7517 } from './rfc7517.js';
import { rfc7518 } from './rfc7518.js';
import { rfc7519 } from './rfc7519.js';
import { rfc7662 } from './rfc7662.js';
import { rfc8414 } from './rfc8414.js';
import { rfc8628 } from './rfc8628.js';
import { rfc8693 } from './rfc8693.js';
import { rfc8707 } from './rfc8707.js';
import { rfc8725 } from './rfc8725.js';
import { rfc9068 } from './rfc9068.js';
import { rfc9110 } from './rfc9110.js';
import { rfc9457 } from './rfc9457.js';
import { rfc9700 } from './rfc9700.js';
import { rfc9701 } from './rfc9701.js';
import { statusList } from './status-list.js';

export type { Requirement } from './requirement.js';

/** All requirements, grouped by specification. */
export const requirements: readonly Requirement[] = [
  ...rfc9110,
  ...rfc6750,
  ...oauth21,
  ...rfc7515,
  ...rfc7517,
  ...rfc7518,
  ...rfc7519,
  ...rfc8725,
  ...rfc9068,
  ...rfc8707,
  ...rfc8414,
  ...rfc9700,
  ...rfc7662,
  ...rfc9701,
  ...statusList,
  ...rfc9457,
  ...cors,
  ...authorizationServer,
  ...mockIssuer,
  ...clientRegistration,
  ...rfc8628,
  ...rfc8693,
  ...decisions,
];
