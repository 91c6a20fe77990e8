import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import { Refusal } from '../model/refusal.js';
import type { OpaqueToken } from '../model/stages.js';
import type { IssuerDirectory } from './issuer-directory.js';

/** Returns the identifier of the issuer that introspects an opaque token. */
export type OpaqueRoute = (token: string) => string;

/** An issuer; `introspection` is set where its tokens are introspected. */
interface Introspecting {
  readonly introspection?: object | undefined;
}

const noneIntrospects = new Refusal('token_opaque', { expected: 'a JWT: three segments' });
const severalIntrospect = new Refusal('token_opaque', {
  expected: 'a JWT, or the option routeOpaqueToken: several issuers introspect',
});
const misrouted = new Refusal('token_opaque', {
  expected: 'routeOpaqueToken to return a trusted issuer with introspection',
});

/**
 * Finds the one issuer that introspects an opaque token: the only issuer with introspection, or the
 * one that `routeOpaqueToken` names. An opaque token is never sent to several issuers one after the
 * other: each of them would learn tokens of the others.
 */
export class OpaqueRouting<Issuer extends Introspecting> {
  readonly #route: OpaqueRoute | undefined;
  readonly #issuers: IssuerDirectory<Issuer>;
  readonly #only: Issuer | Refusal;

  constructor(route: OpaqueRoute | undefined, issuers: IssuerDirectory<Issuer>) {
    this.#route = route;
    this.#issuers = issuers;
    this.#only = onlyIntrospecting(issuers);
  }

  find({ credential }: OpaqueToken): MaybePromise<Issuer | Refusal> {
    if (this.#route === undefined) return this.#only;
    const identifier = callRoute(this.#route, credential.token);
    if (identifier instanceof Refusal) return identifier;
    return chain(this.#issuers.find({ issuer: identifier }), (issuer) => {
      if (issuer instanceof Refusal) return issuer.code === 'issuer_untrusted' ? misrouted : issuer;
      return issuer.introspection === undefined ? misrouted : issuer;
    });
  }
}

function onlyIntrospecting<Issuer extends Introspecting>(issuers: IssuerDirectory<Issuer>): Issuer | Refusal {
  const introspecting = Array.from(issuers.configured(), ([, issuer]) => issuer).filter(
    ({ introspection }) => introspection !== undefined,
  );
  const [only] = introspecting;
  return only === undefined ? noneIntrospects : introspecting.length > 1 ? severalIntrospect : only;
}

function callRoute(route: OpaqueRoute, token: string): string | Refusal {
  try {
    const identifier: unknown = route(token);
    if (typeof identifier === 'string') return identifier;
    // `route` may be async by mistake. Its rejection must not end the process as unhandled.
    if (isPromiseLike(identifier)) identifier.then(undefined, () => {});
    return misrouted;
  } catch (cause) {
    return new Refusal('callback_failed', { expected: 'routeOpaqueToken to return an issuer; it threw', cause });
  }
}
