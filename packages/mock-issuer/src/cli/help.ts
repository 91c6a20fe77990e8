/** What `--help` prints. */
export const help = `An OAuth 2.1 authorization server for tests, on 127.0.0.1. Never for production.

  mock-issuer [flags]          starts an issuer, prints its endpoints and an access token, and serves until Ctrl-C
  mock-issuer token [flags]    prints an access token of an issuer that runs

Flags of mock-issuer
  -c, --config FILE            options of createMockIssuer, in YAML or JSON; flags win over them
  --state FILE                 keeps keys, tokens and whatever else the issuer knows from one run to the next;
                               for the same port each time
  -p, --port PORT              TCP port; 0 for a free one. Default 9000
  --client ID[:SECRET]         a client: public, or with a secret. May come again
  --redirect-uri URI           where those clients send users back to. May come again.
                               Default http://127.0.0.1/callback, on any port
  --user SUB                   a user who can sign in. May come again; the first one is the default. Default user-1
  --audience URI               aud of access tokens. Default https://api.example.com
  --scope SCOPE                scope of the access token that is printed
  --dangerously-listen-on IP   address to listen on instead of 127.0.0.1. Whoever reaches it gets tokens in any
                               name; they and the metadata say that this is a mock issuer

Flags of mock-issuer token
  -p, --port PORT              where the issuer is, on 127.0.0.1. Default 9000
  --issuer URI                 where it is otherwise: its issuer identifier
  --client ID:SECRET           who asks. Default a client that every mock-issuer has
  --audience URI               aud of the access token. Default that of the issuer
  --scope SCOPE                its scope

Both
  -h, --help                   this text
  -v, --version                the version

Exit codes: 0 done, or ended by Ctrl-C or SIGTERM; 1 it could not be done; 2 the command line, or the file that it
names, is wrong.
`;
