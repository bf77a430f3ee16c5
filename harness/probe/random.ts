import { randomBytes } from 'node:crypto';
import type { RandomHex } from '../model/random-ids.ts';

/** Ids from the operating system. */
export const cryptoRandom: RandomHex = (digits) =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
