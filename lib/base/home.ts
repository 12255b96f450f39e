/** Where this package's own code lies: functions that stand there are no part of a program. */
import { fileURLToPath } from 'node:url';

/** URL of the folder that `lib` is compiled to, file by file or into few, with a slash at its end. */
export const HOME = new URL(/\/base\/home\.[jt]s$/.test(import.meta.url) ? '..' : '.', import.meta.url).href;

/** The path of {@link HOME}. */
export const HOME_FOLDER = fileURLToPath(HOME);
