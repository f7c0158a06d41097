/** Whether another person may have made, or can change, a file or a folder that decides what a run does. */
import { existsSync, lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

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
 * Why others could put something else in the place of what a path names: a folder above it that every user can write, unless names
 * stick there, as in /tmp. undefined: none can.
 */
export function openAbove(path: string): string | undefined {
  if (thisUser() === undefined) return undefined;
  for (const start of new Set([path, existsSync(path) ? realpathSync(path) : path])) {
    for (let at = start; dirname(at) !== at; at = dirname(at)) {
      const mode = statSync(dirname(at), { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
        return `lies below ${dirname(at)}, which can be written by every user of this machine`;
    }
  }
  return undefined;
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
