/** Who asks an S3 server, where the program does not say: as Amazon's own tools find it. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Who asks an S3 server. */
export interface RemoteCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** From the environment, else from the file of profiles; `undefined` where neither says it. */
export function credentialsFromEnvironment(env: NodeJS.ProcessEnv): RemoteCredentials | undefined {
  return (
    credentialsOf({
      aws_access_key_id: env.AWS_ACCESS_KEY_ID,
      aws_secret_access_key: env.AWS_SECRET_ACCESS_KEY,
      aws_session_token: env.AWS_SESSION_TOKEN,
    }) ?? credentialsOf(profileOf(env))
  );
}

function credentialsOf(values: Record<string, string | undefined>): RemoteCredentials | undefined {
  const { aws_access_key_id: id = '', aws_secret_access_key: secret = '', aws_session_token: token = '' } = values;
  if (id === '' || secret === '') return undefined;
  return { accessKeyId: id, secretAccessKey: secret, ...(token !== '' && { sessionToken: token }) };
}

/** The lines of a profile. */
function profileOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const path = env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const wanted = env.AWS_PROFILE ?? 'default';
  const values: Record<string, string> = {};
  let profile = '';
  for (const line of text.split('\n')) {
    profile = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim() ?? profile;
    const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (profile === wanted && name !== undefined && value !== undefined) values[name] = value;
  }
  return values;
}
