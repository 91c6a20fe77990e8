import { perform } from 'example-stage';
import { createApi } from './api.js';

await perform({ framework: 'Express', command: 'pnpm demo', createApi });
