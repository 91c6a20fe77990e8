import * as client from 'openid-client';

/** The settings of a command line tool. It has no client secret: every copy would contain it. */
export interface CliSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Shows the instruction to the user. */
  readonly print: (instruction: Instruction) => void;
}

/** What the user does in a browser on another device, such as a telephone. */
export interface Instruction {
  /** The address to open. */
  readonly address: string;
  /** The code to type there. */
  readonly code: string;
  /**
   * The address with the code, for a QR code. The user compares the code on the page with this one.
   */
  readonly addressWithCode: string | undefined;
}

/**
 * Gets an access token without a browser and without a port: device authorization grant (RFC 8628).
 */
export async function logIn({ issuer, clientId, scope, print }: CliSettings): Promise<string> {
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    algorithm: 'oauth2',
    // For http://127.0.0.1 only. Remove this line for an issuer with https.
    execute: [client.allowInsecureRequests],
  });
  const codes = await client.initiateDeviceAuthorization(config, { scope });
  print({
    address: codes.verification_uri,
    code: codes.user_code,
    addressWithCode: codes.verification_uri_complete,
  });
  // Polls at the interval of the issuer, and more slowly after slow_down. Ends when the user has
  // allowed or denied the request, or the code has expired.
  const { access_token } = await client.pollDeviceAuthorizationGrant(config, codes);
  return access_token;
}
