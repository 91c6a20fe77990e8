import express from 'express';
import { expressjwt } from 'express-jwt';
import type { Algorithm } from 'jsonwebtoken';
import jwksRsa, { type GetVerificationKey } from 'jwks-rsa';
import type { World } from '../world.js';
import { type App, listen } from './app.js';

const secretOptions = ({ jwksUri }: World) => ({ cache: true, rateLimit: true, jwksRequestsPerMinute: 5, jwksUri });

/** The packages depend on different versions of the types of jsonwebtoken, hence the casts. */
const configure = (world: World) => ({
  secret: jwksRsa.expressJwtSecret(secretOptions(world)) as GetVerificationKey,
  audience: world.audience,
  issuer: world.issuer,
  algorithms: [world.alg as Algorithm],
});

export const expressJwt: App = {
  name: 'express-jwt + jwks-rsa',
  framework: 'express',
  packages: ['express-jwt', 'jwks-rsa', 'express'],
  readme: "expressjwt({ secret: jwksRsa.expressJwtSecret(...), ... }), jwks-rsa's EXAMPLES, Integration with Express",
  algorithms: ['RS256', 'PS256', 'ES256'],
  configuration: (world) => ({ ...configure(world), secret: secretOptions(world) }),
  start(world) {
    const app = express();
    app.use(expressjwt(configure(world)));
    app.get('/reports', (_req, res) => void res.json({ ok: true }));
    return listen(app);
  },
};
