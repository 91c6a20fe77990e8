import express5 from 'express';
import express4 from 'express4';

/** The Express versions that the adapter is for. Their types differ, their use here does not. */
export const versions: ReadonlyArray<{ readonly name: string; readonly express: typeof express5 }> = [
  { name: 'Express 4', express: express4 as unknown as typeof express5 },
  { name: 'Express 5', express: express5 },
];
