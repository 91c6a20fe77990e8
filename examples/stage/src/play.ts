import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, request } from 'node:http';
import { type DecisionMessage, decisionChannel } from '@resource-server/core';
import type { Scene } from './scenes.js';

/** A scene and the actual response. */
export interface Outcome {
  readonly scene: Scene;
  readonly status: number;
  readonly challenge: string | undefined;
  readonly code: string | undefined;
  /** True when the response, including the problem document, is the expected one. */
  readonly asExpected: boolean;
}

/** Sends the request of the scene over a real connection, and compares the response. */
export async function play(scene: Scene, api: string): Promise<Outcome> {
  let code: string | undefined;
  const listen = (message: unknown) => {
    code ??= (message as DecisionMessage).code;
  };
  subscribe(decisionChannel, listen);
  const { response, body } = await send(scene, api);
  unsubscribe(decisionChannel, listen);
  const status = response.statusCode ?? 0;
  const challenge = response.headers['www-authenticate']?.replace(/, error_description="[^"]*"/, '');
  const isProblem = response.headers['content-type'] === 'application/problem+json';
  const bodyFits = status < 400 ? !isProblem : isProblem && JSON.parse(body).status === status;
  const retryFits = status !== 503 || /^\d+$/.test(response.headers['retry-after'] ?? '');
  const answerFits = status === scene.status && challenge === scene.challenge && code === scene.code;
  return { scene, status, challenge, code, asExpected: answerFits && bodyFits && retryFits };
}

function send(
  { method = 'GET', path = '/reports', authorization = [] }: Scene,
  api: string,
): Promise<{ response: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(api);
    const headers = ['Host', host, 'Content-Length', '0', ...authorization.flatMap((line) => ['Authorization', line])];
    const outgoing = request(`${api}${path}`, { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ response, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
