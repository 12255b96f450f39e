/** Which folders other hosts may see as well. */
import { statfsSync } from 'node:fs';

/**
 * Magic numbers of file systems that more than one kernel can have mounted at a time, from statfs(2) and
 * linux/magic.h. A file system behind FUSE may be anything, sshfs for example, and counts as shared.
 */
const SHARED: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x517b: 'SMB',
  0x564c: 'NCP',
  0x5346414f: 'AFS',
  0x6b414653: 'kAFS',
  0x73757245: 'Coda',
  0x01021997: '9P',
  0x65735546: 'FUSE, virtiofs',
  0x786f4256: 'VirtualBox shared folder',
  0xbacbacbc: 'VMware shared folder',
  0x00c36400: 'Ceph',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
  0x19830326: 'BeeGFS',
  0xaad7aaea: 'PanFS',
  0x20030528: 'OrangeFS',
  0x01161970: 'GFS2',
  0x7461636f: 'OCFS2',
};

const known = new Map<string, boolean>();

/** May other hosts see the folder? Asked of the system once for each; one that cannot be asked is taken for local. */
export function isSharedFolder(folder: string): boolean {
  let answer = known.get(folder);
  if (answer === undefined) {
    try {
      // Some systems say the number with a sign.
      answer = Object.hasOwn(SHARED, statfsSync(folder).type >>> 0);
    } catch {
      return false;
    }
    known.set(folder, answer);
  }
  return answer;
}
