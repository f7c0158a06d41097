/** How to release a plan that a guard stopped. Airbyte passes no flags: there a setting says it. */

/** The executable that runs, as the summary names it. */
export type Program = 'target-together' | 'destination-together';

export interface Stopped {
  readonly name: string;
  readonly mode: string;
  /** The plan file, where there is one. */
  readonly plan: string | null;
  /** As given with --config. */
  readonly config: readonly string[];
}

/** `steps` lead to `type`, which is to be copied. */
export function releaseOf(
  { name, mode, plan, config }: Stopped,
  hash: string,
): { readonly steps: string; readonly type: string } {
  if (name === ('destination-together' satisfies Program))
    return { steps: "sync again, with this in the destination's settings", type: `"accept_plan": "${hash}"` };
  if (mode === 'plan' && plan !== null)
    return { steps: '', type: `${applyCommand({ plan, config })} --accept ${hash}` };
  return { steps: 'the same command again, with', type: `--accept ${hash}` };
}

export const applyCommand = ({ plan, config }: Pick<Stopped, 'plan' | 'config'>): string =>
  ['target-together apply', word(plan ?? ''), ...config.map((file) => `--config ${word(file)}`)].join(' ');

/** As a shell takes it. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
