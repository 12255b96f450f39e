/** What a stored result was made of, when a computation that belongs to no root uses that result. */
import { fullPath, storedFolder, storedPath } from '../../base/files/data-roots.js';
import type { Use } from '../../trace/frame.js';
import type { Traced } from '../../store/record/traced.js';
import { digestOfTraced, nameOfTraced } from '../state/use-name.js';

/** What a stored result that belongs to no root was made of, used again by a computation that uses that result. */
export class RecordedUse implements Use {
  readonly name: string;
  readonly digest: string;

  /** @param tmpdir that the record tells its paths from */
  constructor(
    private readonly item: Traced,
    private readonly tmpdir: string,
  ) {
    this.name = nameOfTraced(item, tmpdir, '');
    this.digest = digestOfTraced(item);
  }

  hasChanged(): boolean {
    // Nothing of it was handed out: it has just been found to be what it was.
    return false;
  }

  drop(): void {
    // It is not in memory.
  }

  traced(tmpdir: string): Traced {
    const { item } = this;
    if (tmpdir === this.tmpdir) return item;
    if ('call' in item) return { tmpdir: storedFolder(this.tmpdir), ...item };
    if ('file' in item) return { ...item, file: storedPath(fullPath(item.file, this.tmpdir), tmpdir) };
    return item.root === undefined ? item : { ...item, root: { tmpdir: storedFolder(this.tmpdir), ...item.root } };
  }
}
