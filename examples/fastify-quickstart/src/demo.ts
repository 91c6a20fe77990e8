import { perform } from 'example-stage';
import { createApi } from './api.js';

await perform({
  framework: 'Fastify',
  command: 'node examples/fastify-quickstart/dist/demo.js',
  async createApi(server) {
    const app = await createApi(server);
    await app.ready();
    return (req, res) => app.routing(req, res);
  },
});
