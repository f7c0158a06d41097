/** The Node.js versions that the connectors support, as executables: this one, and the others out of the npm registry (cached in .cache/). */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface NodeVersion {
  readonly major: string;
  readonly path: string;
}

const withNode = fileURLToPath(new URL('../../../scripts/with-node.sh', import.meta.url));

/** Installs what is missing, so the first call may take a minute. */
export function supportedNodes(): readonly NodeVersion[] {
  const own = process.versions.node.split('.')[0] as string;
  return ['20', '22', '24'].map((major) => ({
    major,
    path: major === own ? process.execPath : installed(major),
  }));
}

function installed(major: string): string {
  const said = execFileSync(withNode, [major, 'node', '-p', 'process.execPath'], { encoding: 'utf8' });
  return said.trim().split('\n').at(-1) as string;
}
