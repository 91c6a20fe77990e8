import jwksRsa from 'jwks-rsa';
import Koa from 'koa';
import jwt from 'koa-jwt';
import type { World } from '../world.js';
import { type App, listen } from './app.js';

const tenHours = 36_000_000;
const secretOptions = ({ jwksUri }: World) => ({ jwksUri, cache: true, cacheMaxEntries: 5, cacheMaxAge: tenHours });

const configure = (world: World) => ({
  secret: jwksRsa.koaJwtSecret(secretOptions(world)),
  audience: world.audience,
  issuer: world.issuer,
  algorithms: [world.alg],
});

export const koaJwt: App = {
  name: 'koa-jwt + jwks-rsa',
  framework: 'koa',
  packages: ['koa-jwt', 'jwks-rsa', 'koa'],
  readme: 'jwt({ secret: koaJwtSecret(...), audience, issuer }), README, Retrieving the secret',
  algorithms: ['RS256', 'PS256', 'ES256'],
  configuration: (world) => ({ ...configure(world), secret: secretOptions(world) }),
  start(world) {
    const app = new Koa();
    app.silent = true;
    app.use(jwt(configure(world)));
    app.use((ctx) => {
      ctx.body = { ok: true };
    });
    return listen(app.callback());
  },
};
