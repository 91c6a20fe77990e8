import Koa3 from 'koa';
// @ts-expect-error Koa 2 has no types under this name; the tests use the types of Koa 3
import Koa2 from 'koa2';

/** The supported Koa versions. */
export const versions: ReadonlyArray<{ readonly name: string; readonly create: () => Koa3 }> = [
  { name: 'Koa 2', create: () => quiet(new (Koa2 as typeof Koa3)()) },
  { name: 'Koa 3', create: () => quiet(new Koa3()) },
];

/** Stops Koa from printing the errors of failed requests. */
function quiet(app: Koa3): Koa3 {
  app.silent = true;
  return app;
}
