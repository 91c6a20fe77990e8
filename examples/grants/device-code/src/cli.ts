import * as client from 'openid-client';

/** What a command line tool knows. It has no secret: what is in everybody's copy of it is none. */
export interface CliSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Shows its user what to do. */
  readonly print: (instruction: Instruction) => void;
}

/** What the user does on another device: a telephone, or the machine that one came from by ssh. */
export interface Instruction {
  /** Where to go. */
  readonly address: string;
  /** What to type there. */
  readonly code: string;
  /** Both in one, for a QR code; the user compares the code all the same. */
  readonly addressWithCode: string | undefined;
}

/** Gets an access token without a browser and without a port: device authorization (RFC 8628). */
export async function logIn({ issuer, clientId, scope, print }: CliSettings): Promise<string> {
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    algorithm: 'oauth2',
    // The issuer of this example is at http://127.0.0.1. Leave this line out where it is at https.
    execute: [client.allowInsecureRequests],
  });
  const codes = await client.initiateDeviceAuthorization(config, { scope });
  print({
    address: codes.verification_uri,
    code: codes.user_code,
    addressWithCode: codes.verification_uri_complete,
  });
  // Asks every interval seconds, and less often when it is told slow_down, until the user has said yes or no, or the code is over.
  const { access_token } = await client.pollDeviceAuthorizationGrant(config, codes);
  return access_token;
}
