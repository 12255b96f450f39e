/** python-diskcache's `JSONDisk`: keys and values as JSON, compressed by zlib. */
import { Disk, type DiskOptions } from './disk.js';

/** Settings of a {@link JSONDisk}. */
export interface JSONDiskOptions extends DiskOptions {
  /**
   * 0 (none) to 9 (smallest).
   * @defaultValue 1
   */
  compressLevel?: number;
}

export class JSONDisk extends Disk {
  compressLevel: number;

  constructor(directory: string, options: JSONDiskOptions = {}) {
    super(directory, options);
    this.compressLevel = options.compressLevel ?? 1;
  }
}
