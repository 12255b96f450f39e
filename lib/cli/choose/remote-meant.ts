/** The remote that a command speaks to: the one that it is given, else that of the environment. */
import { checkRemote, type RemoteSettings } from '../../remote/contract/remote-options.js';
import { openBackend } from '../../remote/backend/open-backend.js';
import type { Backend } from '../../remote/contract/backend.js';
import { signerOf, type Signer } from '../../remote/contract/signature.js';
import { UsageError } from '../terminal/errors.js';
import type { Terminal } from '../terminal/terminal.js';

/** A remote that a command has opened. */
export interface RemoteMeant {
  settings: RemoteSettings;
  backend: Backend;
  signer: Signer | undefined;
}

/**
 * @throws UsageError where none is named
 * @throws InvalidOptionError where it is none
 */
export function remoteMeant({ remote }: { remote?: string }, { io: { env } }: Terminal): RemoteMeant {
  const { STOWAGE_REMOTE: url = '' } = env;
  const meant = remote ?? url;
  if (meant === '') throw new UsageError('which remote? Name it with --remote, or set STOWAGE_REMOTE');
  const settings = checkRemote(meant, {}, remote === undefined ? 'STOWAGE_REMOTE' : '--remote', env);
  return { settings, backend: openBackend(settings), signer: signerOf(settings.key) };
}
