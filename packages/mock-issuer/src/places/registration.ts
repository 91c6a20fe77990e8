import { type RegistrationParts, registrationEndpoint } from '../endpoints/registration.js';
import type { RegistrationSettings } from '../registration-options.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** What registration stands on. */
export interface RegistrationPlaceParts extends RegistrationParts {
  /** `undefined`: nobody registers here. */
  readonly registration: RegistrationSettings | undefined;
}

/** Where clients register, if they can. */
export function registration(
  { path, registrationEndpoint: uri }: Site,
  parts: RegistrationPlaceParts,
): readonly Place[] {
  if (parts.registration === undefined) return [];
  return [
    [
      `${path}/register`,
      {
        names: ['registration'],
        method: 'POST',
        body: 'json',
        openToPages: true,
        faultsOf: 'registration',
        answer: registrationEndpoint(parts.registration, parts),
        metadata: { registration_endpoint: uri },
      },
    ],
  ];
}
