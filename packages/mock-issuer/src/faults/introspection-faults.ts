import type { JsonObject } from '../judge.js';
import type { IntrospectionFault } from './kinds.js';

type Distortion = (right: JsonObject, actively: () => JsonObject) => JsonObject;

/** What each fault makes of the right answer; `actively` gives the one that calls the token active. */
const distortions: Partial<Record<IntrospectionFault, Distortion>> = {
  activeAsString: (right) => ({ ...right, active: String(right['active']) }),
  activeNumber: (right) => ({ ...right, active: Number(right['active']) }),
  activeMissing: ({ active: _left, ...others }) => others,
  alwaysActive: (_right, actively) => actively(),
  refreshToken: (right) => {
    if (right['active'] !== true) return right;
    const { token_type: _left, ...others } = right;
    return { ...others, typ: 'Refresh', token_use: 'refresh' };
  },
};

/** The answer as the fault has it. */
export function distortIntrospection(
  kind: IntrospectionFault | undefined,
  right: JsonObject,
  actively: () => JsonObject,
): JsonObject {
  return (kind && distortions[kind]?.(right, actively)) ?? right;
}
