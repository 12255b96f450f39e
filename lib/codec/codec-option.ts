/** The option `codec`: a format, by its name. */
import { InvalidOptionError } from '../base/errors.js';
import { didYouMean } from '../base/did-you-mean.js';
import { text, type Check } from '../base/text/check-options.js';
import { codecNamed, codecNames } from './registry.js';

export const codecCheck: Check = (value, option) => {
  const name = text(value, option) as string;
  if (codecNamed(name) !== undefined) return name;
  throw new InvalidOptionError(
    `${option}: there is no codec '${name}'${didYouMean(name, codecNames())}; there are ${codecNames().join(', ')}, and ` +
      'those of registerCodec, which must be called before the class is defined',
  );
};
