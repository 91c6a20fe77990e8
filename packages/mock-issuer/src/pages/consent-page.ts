import type { User } from '../authorization/user.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { WantedAccess } from '../granted.js';
import type { Answer } from '../http/answer.js';
import { type Html, html, page } from './html.js';

/** What the page asks, and whom. */
export interface Question {
  readonly client: RegisteredClient;
  readonly wanted: WantedAccess;
  /** Goes on behind "asks for access" and says what happens next. */
  readonly way: Html;
  /** The `sub` of the user it is about, if the client knows. */
  readonly loginHint?: string | undefined;
  readonly users: readonly User[];
  /** Comes back with the answer. */
  readonly id: string;
  /** Where the answer goes. */
  readonly action: string;
}

/** Asks who is there, and whether the client may have what it wants. */
export function consentPage(
  { client, wanted, way, loginHint, users, id, action }: Question,
  headers: Readonly<Record<string, string>>,
): Answer {
  const { scope, audience, authorizationDetails } = wanted;
  const chosen = users.some(({ sub }) => sub === loginHint) ? loginHint : users[0]?.sub;
  const body = html`<p><strong>${client.name ?? client.id}</strong> asks for access${way}</p>
<dl>
<dt>Scope</dt><dd><code>${scope.join(' ') || 'none'}</code></dd>
<dt>At</dt><dd>${audience.map((one) => html`<code>${one}</code> `)}</dd>
${(authorizationDetails ?? []).map((one) => html`<dt>Details</dt><dd><code>${JSON.stringify(one)}</code></dd>`)}
</dl>
<form method="post" action="${action}">
<input type="hidden" name="interaction" value="${id}">
<fieldset><legend>Sign in as</legend>
${users.map((user) => choice(user, user.sub === chosen))}
</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>`;
  return page(200, 'Sign in', body, headers);
}

function choice({ sub, name }: User, isChosen: boolean): Html {
  const checked = isChosen ? html` checked` : '';
  return html`<label><input type="radio" name="user" value="${sub}"${checked}> ${name ?? sub}</label>
`;
}
