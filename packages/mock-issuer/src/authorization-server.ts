import { type ApprovalParts, approveAlone } from './authorization/approval.js';
import { type AuthorizedCode, type AuthorizeParts, type AuthorizeRequest, authorize } from './authorize.js';
import type { TokenBinding } from './binding/token-binding.js';
import type { AuthorizationParts } from './endpoints/authorization.js';
import type { InteractionParts } from './endpoints/interaction.js';
import type { PushedAuthorizationParts } from './endpoints/pushed-authorization.js';
import type { TokenParts } from './endpoints/token.js';
import { authorizationCodeGrant } from './grants/authorization-code.js';
import { clientCredentialsGrant } from './grants/client-credentials.js';
import { refreshTokenGrant } from './grants/refresh-token.js';
import type { Interact } from './interaction/interaction.js';
import { InteractionStore } from './interaction/interaction-store.js';
import { pagesOf } from './interaction/pages.js';
import type { Issuance } from './issuance.js';
import type { Settings } from './options.js';
import type { Site } from './site.js';
import type { Store } from './state/persistent.js';
import type { ClientStore } from './stores/client-store.js';
import { CodeStore } from './stores/code-store.js';
import { PushedRequestStore } from './stores/pushed-request-store.js';
import { RefreshTokenStore } from './stores/refresh-token-store.js';
import { SignInStore } from './stores/sign-in-store.js';
import type { TokenStore } from './stores/token-store.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { TokenIssuer } from './tokens/token-issuer.js';

/** What the grants share with the rest of the issuer. */
interface Ground {
  readonly clients: ClientStore;
  readonly tokens: TokenStore;
  readonly issuance: Issuance;
  readonly nowSeconds: () => number;
}

/** The parts of the endpoints that grant something, but for who authenticates clients. */
export interface AuthorizationServer
  extends Omit<TokenParts & PushedAuthorizationParts, 'clientAuthentication'>,
    AuthorizationParts,
    InteractionParts {
  readonly resources: ReadonlySet<string>;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly authorize: (request: AuthorizeRequest) => AuthorizedCode;
  /** What `reset()` empties and the state file keeps, by the name that it has there; see {@link Store}. */
  readonly stores: Readonly<Record<string, Store>>;
  /** Forgets every request, code, refresh token and sign-in. */
  readonly clear: () => void;
}

/** Everything between a request for access and the tokens for it, each store made here and shared by those that need it. */
export function authorizationServer(site: Site, settings: Settings, ground: Ground): AuthorizationServer {
  const { issuer } = site;
  const { audience, authorizationDetailsTypes, lifetimes, refreshTokens: manner } = settings;
  const resources = knownResources(settings);
  const refreshTokenStore = new RefreshTokenStore();
  const base = { ...settings, ...ground, issuer, resources };
  const refreshTokens = new RefreshTokens({ ...base, ...manner, store: refreshTokenStore });
  const tokenIssuer = new TokenIssuer(ground.issuance, refreshTokens, lifetimes.accessTokenSeconds);
  const approval = { ...base, codes: new CodeStore(), signIns: new SignInStore() };
  const codeGrant = authorizationCodeGrant({ ...approval, tokenIssuer });
  const grants = [
    codeGrant,
    refreshTokenGrant({ tokenIssuer, refreshTokens }),
    clientCredentialsGrant({ ...base, tokenIssuer }),
  ];
  const bindings: readonly TokenBinding[] = [];
  const requestSettings = { audience, resources, authorizationDetailsTypes };
  const interactions = new InteractionStore();
  const pushedRequests = new PushedRequestStore();
  const { codes, signIns } = approval;
  const stores = { codes, signIns, pushedRequests, refreshTokens: refreshTokenStore };
  const authorizing: AuthorizeParts = { ...approval, requestSettings, codeGrant };
  return {
    ...approval,
    grants,
    bindings,
    requestSettings,
    interactions,
    refreshTokenStore,
    pushedRequests,
    stores,
    interact: settings.interaction === 'pages' ? pagesOf(site, { ...base, interactions }) : unasked(approval),
    authorize: (request) => authorize(request, authorizing),
    clear: () => {
      for (const store of [...Object.values(stores), interactions]) store.clear();
    },
  };
}

function unasked(parts: ApprovalParts): Interact {
  return (request) => ({ code: approveAlone(request, parts) });
}

/** What tokens can be for: the issuer's own audience first. */
function knownResources({ audience, resources, resourceServers }: Settings): ReadonlySet<string> {
  return new Set([audience, ...resources, ...resourceServers.flatMap((one) => one.audience ?? [])]);
}
