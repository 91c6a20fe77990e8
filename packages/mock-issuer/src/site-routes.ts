import type { AuthorizationParts } from './endpoints/authorization.js';
import { metadataOf } from './endpoints/discovery.js';
import type { InteractionParts } from './endpoints/interaction.js';
import type { Routes } from './http/routes.js';
import { type DecoyParts, decoys } from './places/decoys.js';
import { type DeviceParts, devices } from './places/device.js';
import { discovery } from './places/discovery.js';
import { documents } from './places/documents.js';
import { type FormParts, forms } from './places/forms.js';
import { pages } from './places/pages.js';
import type { Site } from './site.js';

/** What the endpoints stand on. */
export interface Parts extends AuthorizationParts, DecoyParts, DeviceParts, FormParts, InteractionParts {}

/** Everything that is served, and where; the discovery documents say of it what its routes and its bindings say. */
export function routesOf(site: Site, parts: Parts): Routes {
  const places = [...documents(site, parts), ...pages(site, parts), ...forms(site, parts), ...devices(site, parts)];
  const mark = site.isMarked ? [{ mock_issuer: true }] : [];
  const said = [
    ...mark,
    ...places.map(([, { metadata }]) => metadata ?? {}),
    ...parts.bindings.map(({ metadata }) => metadata),
  ];
  const metadata = metadataOf(site.issuer, said);
  return new Map([...places, ...discovery(site, parts.faults, metadata), ...decoys(site, parts, metadata)]);
}
