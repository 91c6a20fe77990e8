import { promptValues } from '../authorization/prompt.js';
import { type AuthorizationParts, authorizationEndpoint } from '../endpoints/authorization.js';
import { type InteractionParts, interactionEndpoint } from '../endpoints/interaction.js';
import { errorPage } from '../pages/error-page.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** What a user's browser comes to; never open to the pages of other origins (RFC 10017 has it so). */
export function pages(
  { path, authorizationEndpoint: uri }: Site,
  parts: AuthorizationParts & InteractionParts,
): readonly Place[] {
  return [
    [
      `${path}/authorize`,
      {
        names: ['authorization'],
        method: 'GET, POST',
        faultsOf: 'authorization',
        answer: authorizationEndpoint(parts),
        refuse: errorPage,
        metadata: {
          authorization_endpoint: uri,
          response_types_supported: ['code'],
          response_modes_supported: ['query'],
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
          acr_values_supported: parts.acrValues,
          authorization_details_types_supported: parts.requestSettings.authorizationDetailsTypes,
          prompt_values_supported: promptValues,
          client_id_metadata_document_supported: parts.clientIdMetadataDocuments || undefined,
        },
      },
    ],
    [
      `${path}/authorize/interaction`,
      { names: ['interaction'], method: 'POST', answer: interactionEndpoint(parts), refuse: errorPage },
    ],
  ];
}
