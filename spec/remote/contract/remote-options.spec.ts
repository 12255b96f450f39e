import { createSecretKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configure, InvalidOptionError, setRemote } from 'stowage';
import { checkRemote } from '#lib/remote/contract/remote-options.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const CREDENTIALS = { accessKeyId: 'id', secretAccessKey: 'secret' };

describe('the URL and the options of a remote', () => {
  const noProfile = { AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
  const messageOf = (url: unknown, options: object = {}, env: NodeJS.ProcessEnv = noProfile): string => {
    try {
      checkRemote(url, options, 'setRemote', env);
      return '';
    } catch (error) {
      if (error instanceof InvalidOptionError) return error.message;
      throw error;
    }
  };

  it('are refused where they are not what they must be, with a word on what to write', () => {
    const s3 = { credentials: CREDENTIALS };
    const cases: [url: unknown, options: object, says: string][] = [
      ['s3//bucket', {}, "'s3//bucket' is no remote"],
      ['/project/shared', {}, 'write s3://bucket/prefix or file:///folder'],
      [7, {}, 'not number'],
      ['file://host/share', {}, 'names no folder'],
      ['file:///share', { region: 'eu' }, 'region is for s3:// alone'],
      ['s3://B', s3, 'a bucket has 3 to 63 small letters'],
      ['s3://bucket/../other', s3, 'is no s3://bucket/prefix'],
      ['s3://bucket/a//b', s3, 'is no s3://bucket/prefix'],
      ['s3://bucket/a?b', s3, 'is no s3://bucket/prefix'],
      ['s3://bucket', {}, 'needs credentials: give them, or set AWS_ACCESS_KEY_ID'],
      ['s3://bucket', { credentials: { ...CREDENTIALS, secretAccessKey: '' } }, 'secretAccessKey must be a string'],
      ['s3://bucket', { ...s3, endpoint: 'localhost:7480' }, 'the URL of a server'],
      ['s3://bucket', { ...s3, endpoint: 'http://user:pass@host' }, 'the URL of a server'],
      ['file:///share', { mode: 'write' }, "mode must be 'read' or 'read-write'"],
      ['file:///share', { modes: 'read' }, "(did you mean 'mode'?)"],
      ['file:///share', { timeout: 0 }, 'more than no time'],
      ['file:///share', { claims: 'wfs1:6379' }, 'claims must be redis://host:6379'],
      ['s3://bucket/\ud800', s3, 'is no s3://bucket/prefix'],
      ['file:///share#1', {}, 'names no folder'],
      ['s3://bucket', { credentials: {} }, 'credentials needs accessKeyId'],
      ['s3://bucket', { credentials: { accessKeyId: 'id' } }, 'credentials needs secretAccessKey'],
      ['s3://bucket', { credentials: { ...CREDENTIALS, sessionToken: 'x\n' } }, 'sessionToken holds something other'],
      ['s3://bucket', { ...s3, endpoint: 'http://host:99999' }, 'the URL of a server'],
      ['s3://bucket', { ...s3, endpoint: 'http://::1' }, 'the URL of a server'],
      ['file:///share', { key: Buffer.alloc(32) }, 'key must be a secret text, a PEM text'],
      ['file:///share', { key: createSecretKey(Buffer.alloc(32)) }, 'key must be a secret text, a PEM text'],
      ['file:///share', { key: { trust: null } }, 'trust must be a PEM text, or a list'],
      ['file:///share', { key: { trust: [7] } }, 'trust must be a PEM text, or a list'],
      ['file:///share', { key: { sign: 7 } }, 'sign must be a PEM text'],
      ['file:///share', { key: 'short' }, 'openssl rand -hex 32'],
      ['file:///share', { key: {} }, 'needs a key to sign with, or keys to trust'],
      ['file:///share', { key: { sgin: 'x' } }, "has no 'sgin'"],
      ['file:///share', { key: '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----' }, 'cannot be read as a key'],
    ];
    for (const [url, options, says] of cases)
      expect(messageOf(url, options), `${String(url)} ${says}`).to.include(says);
  });

  it('wait no longer than a timer can', () => {
    expect(checkRemote('file:///share', { timeout: Infinity }, 'setRemote', noProfile).timeout).to.equal(86_400);
  });

  it('are refused before anything is changed', () => {
    const root = {};
    const wrongly: (() => void)[] = [
      () => {
        setRemote(root, 's3://B');
      },
      () => {
        setRemote(root, { key: 'a' } as unknown as string);
      },
      () => {
        configure({ remote: 'nowhere', lifetime: 1 });
      },
      () => {
        configure({ remote: { url: 'file:///share', kee: 'x' } as unknown as string });
      },
    ];
    for (const each of wrongly) expect(each).to.throw(InvalidOptionError);
  });

  it('are taken from the environment where they are not given', () => {
    const env = {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://localhost:9000/',
      STOWAGE_REMOTE_KEY: 'a secret of enough letters',
    };
    expect(checkRemote('s3://bucket/a/b/', {}, 'spec', env)).to.deep.equal({
      url: 's3://bucket/a/b',
      mode: 'read-write',
      timeout: 5,
      claimAfter: 60,
      key: { secret: 'a secret of enough letters' },
      at: {
        kind: 's3',
        bucket: 'bucket',
        prefix: 'a/b/',
        endpoint: 'http://localhost:9000',
        region: 'eu-west-1',
        credentials: CREDENTIALS,
      },
    });
  });

  it('let hosts take turns in all calls where claims are in Redis', () => {
    const env = { STOWAGE_REMOTE_CLAIMS: 'redis://wfs1' };
    expect(checkRemote('file:///share', {}, 'spec', env)).to.deep.include({
      claimAfter: 0,
      claims: { host: 'wfs1', port: 6379 },
    });
    expect(checkRemote('file:///share', { claims: 'redis://wfs2', claimAfter: 5 }, 'spec', env)).to.deep.include({
      claimAfter: 5,
      claims: { host: 'wfs2', port: 6379 },
    });
  });

  it('take credentials from the profile that is named', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.aws'));
    const file = join(folder, '.aws/credentials');
    const survey = 'aws_access_key_id=id\naws_secret_access_key = secret\n';
    writeFileSync(file, `[default]\naws_access_key_id = other\n\n[survey]\n${survey}`);
    const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'survey' };
    expect(checkRemote('s3://bucket', {}, 'spec', env).at).to.have.deep.property('credentials', CREDENTIALS);
    expect(messageOf('s3://bucket', {}, { AWS_SHARED_CREDENTIALS_FILE: file })).to.include('needs credentials');
  });
});
