import { type ApprovalParts, approveAlone } from './authorization/approval.js';
import type { AuthorizationRequest } from './authorization/authorization-request.js';
import { type AuthorizedCode, type AuthorizeParts, type AuthorizeRequest, authorize } from './authorize.js';
import { certificateBinding } from './binding/certificate-binding.js';
import { dpopBinding } from './binding/dpop-binding.js';
import type { Device } from './device/device.js';
import { deviceServer } from './device/device-server.js';
import type { AuthorizationParts } from './endpoints/authorization.js';
import type { InteractionParts } from './endpoints/interaction.js';
import type { PushedAuthorizationParts } from './endpoints/pushed-authorization.js';
import type { TokenParts } from './endpoints/token.js';
import { authorizationCodeGrant } from './grants/authorization-code.js';
import { clientCredentialsGrant } from './grants/client-credentials.js';
import { deviceCodeGrant } from './grants/device-code.js';
import { refreshTokenGrant } from './grants/refresh-token.js';
import { tokenExchangeGrant } from './grants/token-exchange.js';
import type { Interact } from './interaction/interaction.js';
import { InteractionStore } from './interaction/interaction-store.js';
import { pagesOf } from './interaction/pages.js';
import type { Issuance } from './issuance.js';
import { type KnownClients, knownClients } from './known-clients.js';
import type { Settings } from './options.js';
import type { DeviceParts } from './places/device.js';
import type { Site } from './site.js';
import type { Store } from './state/persistent.js';
import type { ClientStore } from './stores/client-store.js';
import { CodeStore } from './stores/code-store.js';
import { NonceStore } from './stores/nonce-store.js';
import { PushedRequestStore } from './stores/pushed-request-store.js';
import { RefreshTokenStore } from './stores/refresh-token-store.js';
import { ReplayStore } from './stores/replay-store.js';
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
  /** The status list says that a token is invalid or suspended. */
  readonly isBarred: (token: string) => boolean;
}

/** The parts of the endpoints that grant something, but for who authenticates clients. */
export interface AuthorizationServer
  extends Omit<TokenParts & PushedAuthorizationParts, 'clientAuthentication'>,
    Omit<AuthorizationParts, 'clients'>,
    Omit<DeviceParts, 'clientAuthentication' | 'clients'>,
    Omit<KnownClients, 'stores'>,
    InteractionParts {
  readonly resources: ReadonlySet<string>;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly device: Device;
  readonly authorize: (request: AuthorizeRequest) => Promise<AuthorizedCode>;
  /** What `reset()` empties and the state file keeps, by the name that it has there; see {@link Store}. */
  readonly stores: Readonly<Record<string, Store>>;
}

/** Everything between a request for access and the tokens for it, each store made here and shared by those that need it. */
export function authorizationServer(site: Site, settings: Settings, ground: Ground): AuthorizationServer {
  const { audience, authorizationDetailsTypes, lifetimes, refreshTokens: manner } = settings;
  const resources = knownResources(settings);
  const memory = memoryOf(settings);
  const { codes, signIns, interactions, pushedRequests, refreshTokens: refreshTokenStore } = memory;
  const { stores: clientStores, ...known } = knownClients(settings, {
    made: ground.clients,
    grantTypes: () => grants.map(({ name }) => name),
    nowSeconds: ground.nowSeconds,
  });
  const base = { ...settings, ...ground, ...known, issuer: site.issuer, resources };
  const refreshTokens = new RefreshTokens({ ...base, ...manner, store: refreshTokenStore });
  const tokenIssuer = new TokenIssuer(ground.issuance, refreshTokens, lifetimes.accessTokenSeconds);
  const approval = { ...base, codes, signIns };
  const codeGrant = authorizationCodeGrant({ ...approval, tokenIssuer });
  const { stores: deviceStores, ...devices } = deviceServer(site, { ...settings, ...approval });
  const grants = [
    codeGrant,
    refreshTokenGrant({ tokenIssuer, refreshTokens }),
    clientCredentialsGrant({ ...base, tokenIssuer }),
    deviceCodeGrant({ ...base, deviceCodes: devices.deviceCodes, tokenIssuer }),
    tokenExchangeGrant({ ...base, tokenIssuer }),
  ];
  const dpop = dpopBinding({ ...base, ...memory, nonces: settings.dpop.nonces ? memory.nonces : undefined });
  const requestSettings = { audience, resources, authorizationDetailsTypes };
  const authorizing: AuthorizeParts = { ...approval, requestSettings, codeGrant };
  return {
    ...approval,
    ...devices,
    grants,
    bindings: settings.tls === undefined ? [dpop] : [dpop, certificateBinding],
    requestSettings,
    interactions,
    refreshTokenStore,
    pushedRequests,
    stores: { ...clientStores, ...memory, ...deviceStores },
    interact: settings.interaction === 'pages' ? pagesOf(site, { ...base, interactions }) : unasked(approval),
    authorize: (request) => authorize(request, authorizing),
  };
}

/** What is remembered of requests, and of what was handed out for them. */
function memoryOf({ random, dpop }: Settings) {
  return {
    interactions: new InteractionStore<AuthorizationRequest>(),
    pushedRequests: new PushedRequestStore(),
    codes: new CodeStore(),
    signIns: new SignInStore(),
    refreshTokens: new RefreshTokenStore(),
    usedProofs: new ReplayStore(),
    // There without the option, too, so that what a file says of them is known.
    nonces: new NonceStore(random, dpop.nonceSeconds),
  } satisfies Readonly<Record<string, Store>>;
}

function unasked(parts: ApprovalParts): Interact {
  return (request) => ({ code: approveAlone(request, parts) });
}

/** What tokens can be for: the issuer's own audience first. */
function knownResources({ audience, resources, resourceServers }: Settings): ReadonlySet<string> {
  return new Set([audience, ...resources, ...resourceServers.flatMap((one) => one.audience ?? [])]);
}
