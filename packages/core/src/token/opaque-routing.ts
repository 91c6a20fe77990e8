import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import { Refusal } from '../model/refusal.js';
import type { OpaqueToken } from '../model/stages.js';
import type { IssuerDirectory } from './issuer-directory.js';

/** Names the issuer that is asked about an opaque token. */
export type OpaqueRoute = (token: string) => string;

/** An issuer that can be asked about tokens, or not. */
interface Askable {
  readonly introspection?: object | undefined;
}

const nobody = new Refusal('token_opaque', { expected: 'a JWT: three segments' });
const undecided = new Refusal('token_opaque', { expected: 'a JWT, or routeOpaqueToken: several issuers introspect' });
const misrouted = new Refusal('token_opaque', {
  expected: 'routeOpaqueToken to name a trusted issuer that introspects',
});

/**
 * Finds the one issuer that is asked about opaque tokens: the only one that can be, or the one that the application names. Never several
 * in turn: each of them would learn tokens of the others.
 */
export class OpaqueRouting<Issuer extends Askable> {
  readonly #route: OpaqueRoute | undefined;
  readonly #issuers: IssuerDirectory<Issuer>;
  readonly #only: Issuer | Refusal;

  constructor(route: OpaqueRoute | undefined, issuers: IssuerDirectory<Issuer>) {
    this.#route = route;
    this.#issuers = issuers;
    this.#only = onlyAskable(issuers);
  }

  find({ credential }: OpaqueToken): MaybePromise<Issuer | Refusal> {
    if (this.#route === undefined) return this.#only;
    const identifier = named(this.#route, credential.token);
    if (identifier instanceof Refusal) return identifier;
    return chain(this.#issuers.find({ issuer: identifier }), (issuer) => {
      if (issuer instanceof Refusal) return issuer.code === 'issuer_untrusted' ? misrouted : issuer;
      return issuer.introspection === undefined ? misrouted : issuer;
    });
  }
}

function onlyAskable<Issuer extends Askable>(issuers: IssuerDirectory<Issuer>): Issuer | Refusal {
  const askable = Array.from(issuers.configured(), ([, issuer]) => issuer).filter(
    ({ introspection }) => introspection !== undefined,
  );
  const [only] = askable;
  return only === undefined ? nobody : askable.length > 1 ? undecided : only;
}

function named(route: OpaqueRoute, token: string): string | Refusal {
  try {
    const identifier: unknown = route(token);
    if (typeof identifier === 'string') return identifier;
    // One that is async by mistake, and rejects, must not end the process.
    if (isPromiseLike(identifier)) identifier.then(undefined, () => {});
    return misrouted;
  } catch (cause) {
    return new Refusal('callback_failed', { expected: 'routeOpaqueToken not to throw', cause });
  }
}
