/*
 * oidc-provider tells whoever starts it, with console.info and console.warn, that its store is in memory and that it
 * wants a newer Node. Both are meant here, and would hide what a test has to say. Imported before it, since it already
 * speaks while it is loaded; what others print is let through.
 */
const { console } = globalThis;

for (const level of ['info', 'warn'] as const) {
  const print = console[level].bind(console);
  console[level] = (...parts: unknown[]) => {
    if (!/oidc-provider (?:NOTICE|WARNING): /.test(String(parts[0]))) print(...parts);
  };
}
