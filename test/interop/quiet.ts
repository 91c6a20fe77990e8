/*
 * oidc-provider writes to console.info and console.warn at its start: that its store is in memory,
 * and that it wants a newer Node. Both are intended here, and would hide the output of the tests.
 * This module is imported first, since oidc-provider writes while it is loaded; other output is
 * printed.
 */
const { console } = globalThis;

for (const level of ['info', 'warn'] as const) {
  const print = console[level].bind(console);
  console[level] = (...parts: unknown[]) => {
    if (!/oidc-provider (?:NOTICE|WARNING): /.test(String(parts[0]))) print(...parts);
  };
}
