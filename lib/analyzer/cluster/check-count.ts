/** What an option that counts something must be. */
import { that } from '../../base/text/check-options.js';

export const count = that('a whole number from 1', (value) => Number.isSafeInteger(value) && (value as number) >= 1);
