import Koa3 from 'koa';
// @ts-expect-error Koa 2 has no types under this name; its use here is Koa 3's
import Koa2 from 'koa2';

/** The Koa versions that the adapter is for. */
export const versions: ReadonlyArray<{ readonly name: string; readonly create: () => Koa3 }> = [
  { name: 'Koa 2', create: () => quiet(new (Koa2 as typeof Koa3)()) },
  { name: 'Koa 3', create: () => quiet(new Koa3()) },
];

/** What Koa would print of a failed request is not the tests' business. */
function quiet(app: Koa3): Koa3 {
  app.silent = true;
  return app;
}
