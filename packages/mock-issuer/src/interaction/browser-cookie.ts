import type { IncomingHttpHeaders } from 'node:http';

const NAME = 'mock_issuer_browser';
const VALUE = /(?:^|; )mock_issuer_browser=([\w-]{43})(?:;|$)/;

/** By what a browser is known again that was shown a page. */
export function browserOf({ cookie = '' }: Readonly<IncomingHttpHeaders>): string | undefined {
  return VALUE.exec(cookie)?.[1];
}

/** Lax: it comes along when a client sends the user here, and not with a form that another site has the browser send. */
export function browserCookie(browser: string, { secure, path }: { secure: boolean; path: string }): string {
  return `${NAME}=${browser}; Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
