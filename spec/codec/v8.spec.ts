import { v8Codec } from '#lib/codec/v8.js';
import { describeCodec } from '../contract/codec-contract.js';
import { VALUES } from './v8-values.js';

describeCodec(v8Codec, VALUES, { 'a function': () => () => 0, 'a symbol': () => Symbol('s') });
