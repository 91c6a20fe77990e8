import { perform } from 'example-stage';
import { createApi } from './api.js';

await perform({
  framework: 'Koa',
  command: 'node examples/koa-quickstart/dist/demo.js',
  createApi: (server) => createApi(server).callback(),
});
