import { type DeviceAuthorizationParts, deviceAuthorizationEndpoint } from '../endpoints/device-authorization.js';
import { type DeviceInteractionParts, deviceInteractionEndpoint } from '../endpoints/device-interaction.js';
import { type VerificationParts, verificationEndpoint } from '../endpoints/verification.js';
import { errorPage } from '../pages/error-page.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** What the places for devices stand on. */
export interface DeviceParts extends DeviceAuthorizationParts, DeviceInteractionParts, VerificationParts {}

/** Where devices ask, and where their users answer; the latter never open to the pages of other origins. */
export function devices(site: Site, parts: DeviceParts): readonly Place[] {
  const { path, deviceAuthorizationEndpoint: uri, verificationUri } = site;
  return [
    [
      `${path}/device_authorization`,
      {
        names: ['device_authorization'],
        method: 'POST',
        openToPages: true,
        faultsOf: 'deviceAuthorization',
        answer: deviceAuthorizationEndpoint(verificationUri, parts),
        metadata: { device_authorization_endpoint: uri },
      },
    ],
    [
      `${path}/device`,
      {
        names: ['device'],
        method: 'GET, POST',
        answer: verificationEndpoint(verificationUri, parts),
        refuse: errorPage,
      },
    ],
    [
      `${path}/device/interaction`,
      { names: ['interaction'], method: 'POST', answer: deviceInteractionEndpoint(parts), refuse: errorPage },
    ],
  ];
}
