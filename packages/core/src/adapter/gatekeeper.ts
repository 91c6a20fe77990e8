import type { AccessTokenClaims, Auth } from '../model/auth.js';
import type { Decision } from '../model/decision.js';
import { after, type Eventually } from '../model/eventually.js';
import type { Policy } from '../model/policy.js';
import type { HttpRequest } from '../model/request.js';
import type { ResourceServerOptions } from '../options/resource-server-options.js';
import { assertPolicy } from '../policy/policies.js';
import { askedAtOnce, createResourceServer, type ResourceServer } from '../resource-server.js';
import { denyUnguarded } from './deny-unguarded.js';
import { type GateOptions, judgeGateOptions, type OnDenied } from './gate-options.js';
import type { GetAuth, GetAuthOptions } from './get-auth.js';

/** What came of a request at a gate or a guard, and how a refusal is to be answered. */
export interface Verdict<Arguments extends readonly unknown[]> {
  readonly decision: Decision<unknown>;
  readonly onDenied: OnDenied<Arguments>;
}

/** What a gate decided for one native request. */
interface Admission<Arguments extends readonly unknown[]> {
  /** Who judged; `undefined` for a test double, which stands for whichever server is asked about. */
  readonly server: ResourceServer<unknown> | undefined;
  readonly auth: Auth<unknown> | null;
  readonly onDenied: OnDenied<Arguments>;
}

/** A gate, which judges a request and remembers the answer, or a guard, which judges a policy for whom a gate admitted. */
export type Judge<Arguments extends readonly unknown[]> = (request: HttpRequest) => Eventually<Verdict<Arguments>>;

/**
 * The part of an adapter that no framework changes. Each adapter has one.
 *
 * What a gate decided is kept here, by the native request (`HttpRequest.identity`), where no other
 * middleware can write: guards believe nothing else.
 *
 * @typeParam Arguments what the framework hands to a handler, and so to an `onDenied` function
 */
export class Gatekeeper<Arguments extends readonly unknown[]> {
  readonly #admissions = new WeakMap<object, Admission<Arguments>>();

  /** Makes a gate of a server, or of the options for one. */
  gate<Claims>(
    source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
    options: GateOptions<Arguments> = {},
  ): Judge<Arguments> {
    const server = isServer(source) ? source : createResourceServer(source);
    const asked = askedAtOnce(server);
    const { onDenied, check } = judgeGateOptions(options);
    return (request) => {
      const native = identityOf(request);
      const earlier = this.#admissions.get(native);
      // Nobody is not somebody: where credentials are required, an earlier optional gate says nothing.
      if (earlier?.auth && (earlier.server === server || earlier.server === undefined)) {
        this.#admissions.set(native, { ...earlier, onDenied });
        return { decision: { granted: true, auth: earlier.auth, headers: [] }, onDenied };
      }
      // What another server admitted is void from here on, whatever comes of this check.
      this.#admissions.delete(native);
      return after(asked.check(request, check), (decision) => {
        if (decision.granted) this.#admissions.set(native, { server, auth: decision.auth, onDenied });
        return { decision, onDenied };
      });
    };
  }

  /** Makes a guard of a policy. Without a gate in front of it, it answers 500. */
  guard(policy: Policy): Judge<Arguments> {
    assertPolicy('policy', policy);
    return (request) => {
      const admission = this.#admissions.get(identityOf(request));
      if (admission === undefined) return { decision: denyUnguarded(), onDenied: 'respond' };
      const { auth, server, onDenied } = admission;
      const asked = askedAtOnce(server ?? judgeOfDoubles());
      const decided =
        auth === null ? asked.check(withoutCredentials(request), { policy }) : asked.authorize(auth, policy, request);
      return after(decided, (decision) => ({ decision, onDenied }));
    };
  }

  /** Who was admitted with a native request; see {@link GetAuth}. */
  readonly getAuth: GetAuth<object> = ((native: object, { optional, from }: GetAuthOptions = {}) => {
    const admission = this.#admissions.get(native);
    if (admission === undefined) throw new TypeError('getAuth: auth() has not admitted this request');
    if (from !== undefined && admission.server !== undefined && admission.server !== from) {
      throw new TypeError('getAuth: another server than the one in `from` judged this request');
    }
    if (admission.auth === null && optional !== true) throw new TypeError('getAuth: nobody was admitted');
    return admission.auth;
  }) as GetAuth<object>;

  /** For tests: as if a gate had admitted `auth`, whichever server it belongs to. */
  pretend(native: object, auth: Auth<unknown>): void {
    this.#admissions.set(native, { server: undefined, auth, onDenied: 'respond' });
  }
}

function isServer<Claims>(
  source: ResourceServer<Claims> | ResourceServerOptions<Claims>,
): source is ResourceServer<Claims> {
  return typeof (Object(source) as Partial<ResourceServer>).check === 'function';
}

function identityOf({ identity }: HttpRequest): object {
  if (identity === undefined) throw new TypeError('an adapter must set HttpRequest.identity');
  return identity;
}

/** A gate that admitted nobody has judged these headers; what counts now is only that a policy needs somebody. */
function withoutCredentials(request: HttpRequest): HttpRequest {
  return { method: request.method, url: '', rawHeaders: [] };
}

/** Judges policies for test doubles, whose server is nowhere. */
function judgeOfDoubles(): ResourceServer<AccessTokenClaims> {
  return createResourceServer({ issuer: 'https://issuer.test', audience: null });
}
