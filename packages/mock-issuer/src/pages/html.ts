import { createHash } from 'node:crypto';
import type { Answer } from '../http/answer.js';

/** Text that is HTML; everything else is escaped on its way in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** HTML with what is put into it escaped: text of a request cannot become markup. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return new Html(parts.reduce((before, part, at) => before + asHtml(values[at - 1] ?? '') + part));
}

function asHtml(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
  return value instanceof Html ? value.text : value.map(asHtml).join('');
}

const STYLE = `
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem }
dt { font-weight: 600 }
dd { margin: 0 }
fieldset { border: 1px solid #8a8a8a; border-radius: .5rem; margin: 1.5rem 0 }
label { display: block; padding: .25rem 0 }
input:not([type]) { display: block; font: inherit; padding: .5rem; margin: .25rem 0 .75rem }
button { font: inherit; padding: .5rem 1.5rem; margin-right: .5rem; border: 1px solid #8a8a8a; border-radius: .5rem }
button:first-of-type { background: #0b57d0; border-color: #0b57d0; color: #fff }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  // RFC 9700 section 4.16: nobody puts this page into a frame and has the user click through it.
  "frame-ancestors 'none'",
].join('; ');

/** A page, which no cache keeps and no other page shows in a frame. */
export function page(
  status: number,
  title: string,
  body: Html,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const text = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${new Html(STYLE)}</style></head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>
`.text;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      ...headers,
    },
    body: text,
  };
}
