import { npyCodec } from '#lib/codec/npy/npy.js';
import { describeCodec } from '../../contract/codec-contract.js';
import { ARRAYS, NO_ARRAYS } from './values.js';

describeCodec(npyCodec, ARRAYS, NO_ARRAYS);
