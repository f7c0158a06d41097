/** Whether another person may have made, or can change, a file or a folder that decides what a run does. */
import { lstatSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

export interface Reader {
  readonly uid: number;
  /** Whether a person other than the reader and root is in the group. */
  sharesGroup(gid: number): boolean;
}

/**
 * Why it is not this user's or root's alone, to stand after its path; undefined: it is. Root's group counts as root, and a group
 * that no one else is in as its only member. Windows has no such owners: nothing is foreign there.
 */
export function foreign({ uid, gid, mode }: Owned, reader: Reader | undefined = thisUser()): string | undefined {
  if (reader === undefined) return undefined;
  if (uid !== 0 && uid !== reader.uid) return `belongs to another user (uid ${uid})`;
  if ((mode & 0o002) !== 0) return 'can be written by every user of this machine';
  const shared = (mode & 0o020) !== 0 && gid !== 0 && reader.sharesGroup(gid);
  return shared ? `can be written by others in its group (gid ${gid})` : undefined;
}

/**
 * As `foreign`, of what a path names, and of a link that stands there, which could lead to something else of one's own; undefined
 * too where there is nothing.
 */
export function foreignPath(path: string, reader?: Reader): string | undefined {
  return foreignLink(path, reader) ?? foreignStats(statSync(path, { throwIfNoEntry: false }), reader);
}

/** Why a link is not to be followed; undefined where there is none, too. */
export function foreignLink(path: string, reader?: Reader): string | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false });
  // Every link says that everybody may write it: only its owner counts.
  return link?.isSymbolicLink() ? foreignStats({ uid: link.uid, gid: link.gid, mode: 0 }, reader) : undefined;
}

/**
 * Why others could put something else in the place of what a path names: a folder on the way that another user owns or can write,
 * unless names stick there, as in /tmp; or another user's link. undefined: none can.
 */
export function openAbove(path: string): string | undefined {
  const reader = thisUser();
  if (reader === undefined) return undefined;
  const { root } = parse(resolve(path));
  const namesIn = (absolute: string) => absolute.slice(root.length).split(sep).filter(Boolean);
  const names = namesIn(resolve(path));
  let at = root;
  // Links are followed as the system does, a step at a time: each folder that leads somewhere counts.
  for (let links = 0; names.length > 0; ) {
    const why = foreignFolder(at, reader);
    if (why !== undefined) return `lies below ${at}, which ${why}`;
    const next = join(at, names.shift() as string);
    const isLink = lstatSync(next, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const whose = isLink ? foreignLink(next, reader) : undefined;
    if (whose !== undefined) return `is reached by the link ${next}, which ${whose}`;
    at = next;
    if (isLink && ++links <= mostLinks) {
      names.unshift(...namesIn(resolve(dirname(next), readlinkSync(next))));
      at = root;
    }
  }
  return undefined;
}

/** As many as Linux follows. */
const mostLinks = 40;

/** Where names stick, only their owners and the folder's can take them away. */
function foreignFolder(path: string, reader: Reader): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const sticks = (stats.mode & 0o1000) !== 0;
  return foreign({ uid: stats.uid, gid: stats.gid, mode: sticks ? 0 : stats.mode }, reader);
}

const foreignStats = (stats: Owned | undefined, reader: Reader | undefined): string | undefined =>
  stats && foreign(stats, reader);

/** The one who runs this process, or another user of this machine; undefined on Windows. */
export function thisUser(owner?: number): Reader | undefined {
  const uid = process.geteuid === undefined ? undefined : (owner ?? process.geteuid());
  if (uid === undefined) return undefined;
  return {
    uid,
    sharesGroup(gid) {
      // Elsewhere than on Linux these files don't hold the users.
      if (process.platform !== 'linux') return true;
      const users = table('/etc/passwd').map(([name = '', , id, group]) => ({
        name,
        id: Number(id),
        gid: Number(group),
      }));
      const trusted = new Set(users.filter(({ id }) => id === uid || id === 0).map(({ name }) => name));
      const listed = table('/etc/group').find((row) => Number(row[2]) === gid);
      const members = [
        ...users.filter((user) => user.gid === gid).map(({ name }) => name),
        ...(listed?.[3]?.split(',').filter(Boolean) ?? []),
      ];
      if (members.some((name) => !trusted.has(name))) return true;
      // Of a group with a number only, as Kubernetes gives a volume, no more is known than whether one is in it.
      return listed === undefined && gid !== process.getegid?.() && !process.getgroups?.().includes(gid);
    },
  };
}

function table(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
