import { isFilledList, isObject, judge, type Rule } from './judge.js';

/** Who may register clients. */
export interface RegistrationAccess {
  /** The Bearer token that whoever registers a client must bring (RFC 7591 section 3): letters, digits and `-._~+/`, and `=` behind them. */
  readonly initialAccessToken: string;
}

/** How clients come to be known that are not among the option `clients`. */
export interface RegistrationOptions {
  /**
   * Lets clients register themselves at `/register` (RFC 7591): all with `'open'`, or those that bring an initial access token. Default: none,
   * and there is no such endpoint.
   */
  readonly registration?: 'open' | RegistrationAccess;
  /**
   * Takes as a `client_id` the address of a document with the client's metadata, which is fetched when it is needed
   * (draft-ietf-oauth-client-id-metadata-document): https, or http on loopback. See `clientDocumentHosts` for where it may be. Default false.
   */
  readonly clientIdMetadataDocuments?: boolean;
  /**
   * Hosts from which documents and keys of clients (`jwks_uri`) are fetched, as `'app.example'` for every port or `'app.example:8443'` for one;
   * whatever address the name has. An issuer on loopback fetches from loopback, too. Default: none beside that.
   */
  readonly clientDocumentHosts?: readonly string[];
}

/** Who may register clients, judged. */
export type RegistrationSettings = Partial<RegistrationAccess>;

/** The options, judged, with defaults filled in. */
export interface RegistrationOptionSettings {
  readonly registration: RegistrationSettings | undefined;
  readonly clientIdMetadataDocuments: boolean;
  readonly clientDocumentHosts: readonly string[];
}

const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** The rules for {@link RegistrationOptions}. */
export const registrationRules: Readonly<Record<keyof RegistrationOptions, Rule>> = {
  registration: {
    expected: "'open' or an object with initialAccessToken",
    accepts: (value) => value === 'open' || isObject(value),
  },
  clientIdMetadataDocuments: { expected: 'a boolean', accepts: (value) => typeof value === 'boolean' },
  clientDocumentHosts: {
    expected: 'an array, not empty, of hosts in lower case, with or without a port',
    accepts: (value) => isFilledList(value) && value.every((one) => HOST.test(one)),
  },
};

const accessRules: Readonly<Record<keyof RegistrationAccess, Rule>> = {
  initialAccessToken: {
    expected: 'a string of the characters of Bearer tokens, not empty',
    accepts: (value) => typeof value === 'string' && /^[\w.~+/-]+=*$/.test(value),
  },
};

/**
 * The settings of options that fit {@link registrationRules}.
 *
 * @throws TypeError naming a member that is missing, unknown or ill-typed.
 */
export function judgeRegistrationOptions(options: RegistrationOptions): RegistrationOptionSettings {
  return {
    registration: options.registration === undefined ? undefined : accessOf(options.registration),
    clientIdMetadataDocuments: options.clientIdMetadataDocuments ?? false,
    clientDocumentHosts: [...(options.clientDocumentHosts ?? [])],
  };
}

function accessOf(registration: 'open' | RegistrationAccess): RegistrationSettings {
  if (registration === 'open') return {};
  const owner = "createMockIssuer: 'registration'";
  judge(owner, registration, accessRules);
  const { initialAccessToken } = registration;
  // Without its token it would be open to all, which whoever wrote an object did not mean.
  if (initialAccessToken === undefined) throw new TypeError(`${owner}: 'initialAccessToken' is missing`);
  return { initialAccessToken };
}
