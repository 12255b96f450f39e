import type { Work } from './command.js';
export const work: Work = async () => Promise.resolve(0);
