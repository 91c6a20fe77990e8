import { parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';

/** A page that the browser shows. */
export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly text: string;
  /** Submits the form with this button, with the values of the page and `fields` over them. */
  press(button: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
}

/**
 * A browser without a user: it keeps cookies, follows redirects and submits forms, over real HTTP.
 */
export class Browser {
  readonly #cookies = new CookieJar();
  /** The history: every address that was opened. */
  readonly visited: URL[] = [];

  /** Opens an address, and follows redirects. */
  async open(address: string | URL, form?: URLSearchParams): Promise<Page> {
    const url = new URL(address);
    this.visited.push(url);
    // No example opens as many pages: this is a redirect loop.
    if (this.visited.length > 100) throw new Error(`too many redirects, the last one to ${url.origin}${url.pathname}`);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: await this.#cookies.getCookieString(url.href) },
      ...(form && { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) await this.#cookies.setCookie(line, url.href);
    const location = response.headers.get('location');
    const text = await response.text();
    if (location !== null) return this.open(new URL(location, url));
    const { status } = response;
    return { status, url, text, press: (button, fields = {}) => this.open(...submission(url, text, button, fields)) };
  }

  /** The cookies for an address, by name. */
  async cookies(address: string): Promise<Readonly<Record<string, string>>> {
    const cookies = await this.#cookies.getCookies(address);
    return Object.fromEntries(cookies.map(({ key, value }) => [key, value]));
  }
}

/** The redirect URI with the response, from an issuer that consents without pages. */
export async function sentBackFrom(address: URL): Promise<URL> {
  const response = await fetch(address, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`page ${response.status}, ${textOf(await response.text())}`);
  return new URL(location);
}

/** The text of the first paragraph of a page, without markup. */
export function textOf(page: string): string {
  return parse(page).querySelector('main p')?.text ?? '';
}

function submission(
  url: URL,
  page: string,
  button: string,
  fields: Readonly<Record<string, string>>,
): [address: URL, form: URLSearchParams] {
  const form = parse(page).querySelector('form');
  const pressed = form?.querySelectorAll('button').find(({ text }) => text.trim() === button);
  if (!form || !pressed) throw new Error(`the page at ${url} has no button '${button}'`);
  const filled = form.querySelectorAll('input[type=hidden], input[checked]');
  const values = [...filled, pressed].map((one) => [one.getAttribute('name'), one.getAttribute('value') ?? '']);
  const named = values.filter((pair): pair is [string, string] => pair[0] !== undefined);
  const sent = new URLSearchParams({ ...Object.fromEntries(named), ...fields });
  return [new URL(form.getAttribute('action') ?? '', url), sent];
}
