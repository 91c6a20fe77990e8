import type { Stage } from './stage.js';
import { audience } from './stage.js';
import { heading } from './table.js';

/** Keeps the servers running until Ctrl-C, and prints three curl commands. */
export async function serve(framework: string, { api, issuer, close }: Stage): Promise<void> {
  const token = await issuer.token({ audience, subject: 'ada', scope: 'read', expiresInSeconds: 3600 });
  console.log(
    heading(`\nThe ${framework} API listens at ${api}, its issuer at ${issuer.issuer}. Ctrl-C stops both.\n`),
  );
  console.log(`curl -i ${api}/reports\n`);
  console.log(`curl -i ${api}/reports -H 'Authorization: Bearer ${token}'\n`);
  console.log(`curl -i -X POST ${api}/reports -H 'Authorization: Bearer ${token}'\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
}
