import escapeHtml from 'escape-html';

/** The front page. */
export function homePage(isSignedIn: boolean): string {
  return page(
    'Reports',
    isSignedIn ? '<p><a href="/reports">Your reports</a></p>' : '<p><a href="/login">Sign in</a></p>',
  );
}

/** The response of the API. */
export interface Reports {
  readonly owner: string;
  readonly reports: readonly string[];
}

/** The reports, with a button to sign out. */
export function reportsPage({ owner, reports }: Reports): string {
  const items = reports.map((name) => `<li>${escapeHtml(name)}</li>`).join('');
  const logout = '<form method="post" action="/logout"><button>Sign out</button></form>';
  return page(`Reports of ${owner}`, `<ul>${items}</ul>${logout}`);
}

/**
 * The problem of a sign-in, with a link to the start. Texts from the issuer or the address are
 * escaped.
 */
export function problemPage(title: string, detail: string): string {
  return page(title, `<p><code>${escapeHtml(detail)}</code></p><p><a href="/">Start again</a></p>`);
}

const style = 'body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem }';

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}
