import '@resource-server/express/augment';
import type { Auth } from '@resource-server/core';
import type { Request } from 'express';
import type { Request as Request4 } from 'express4';
import { expectTypeOf, it } from 'vitest';

it('the augment entry of the Express package types req.auth', () => {
  expectTypeOf({} as Request['auth']).toEqualTypeOf<Auth | null | undefined>();
  expectTypeOf({} as Request4['auth']).toEqualTypeOf<Auth | null | undefined>();
});
