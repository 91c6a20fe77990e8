import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { api } from './configuration.js';

/** The user of every sign-in. */
export const user = 'ada';

export function isInteraction({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/interaction/');
}

/** Login and consent in one step: grants the requested scopes, and redirects the browser. */
export async function approve(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: user, clientId: String(params['client_id']) });
  const scopes = String(params['scope']);
  grant.addOIDCScope(scopes);
  grant.addResourceScope(api, scopes);
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: user }, consent: { grantId } });
}
