import express5 from 'express';
import express4 from 'express4';

/** The supported Express versions. Their types differ, but not for the calls in these tests. */
export const versions: ReadonlyArray<{ readonly name: string; readonly express: typeof express5 }> = [
  { name: 'Express 4', express: express4 as unknown as typeof express5 },
  { name: 'Express 5', express: express5 },
];
