/** Where a run keeps things when nobody says otherwise. */
import { join } from 'node:path';

export interface FolderInput {
  readonly state_dir?: string | null | undefined;
  readonly organization_id: string;
}

/** The folder, or null to keep nothing. Each host and organization has one of its own. Source: XDG Base Directory Specification. */
export function stateFolder(
  settings: FolderInput,
  host: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string | null {
  if (settings.state_dir === null || settings.state_dir === 'none') return null;
  if (settings.state_dir !== undefined) return settings.state_dir;
  const base = env['XDG_STATE_HOME'] || join(home, '.local', 'state');
  const name = `${host}_${settings.organization_id}`.replace(/[^A-Za-z0-9._-]/g, '_');
  return join(base, 'target-together', name);
}
