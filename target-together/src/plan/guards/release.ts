/** How to release a plan that a guard stopped, with what the runner can pass: Airbyte and `meltano run` pass no flags. */
import { shellWord } from '@ukg-together/kit/text/shell-word';

/** The executable that runs, as the summary names it. */
export type Program = 'target-together' | 'destination-together';

export interface Stopped {
  readonly name: string;
  /** What started the executable, where it matters. */
  readonly runner?: 'meltano' | undefined;
  readonly mode: string;
  /** The plan file, where there is one. */
  readonly plan: string | null;
  /** As given with --config. */
  readonly config: readonly string[];
}

/** `steps` lead to `type`, which is to be copied. */
export function releaseOf(
  { name, runner, mode, plan, config }: Stopped,
  hash: string,
): { readonly steps: string; readonly type: string } {
  if (name === ('destination-together' satisfies Program))
    return { steps: "sync again, with this in the destination's settings", type: `"accept_plan": "${hash}"` };
  if (mode === 'plan' && plan !== null)
    return { steps: '', type: `${applyCommand({ runner, plan, config })} --accept ${hash}` };
  if (runner === 'meltano')
    return { steps: 'the same command again, with the variable', type: `TARGET_TOGETHER_ACCEPT_PLAN=${hash}` };
  return { steps: 'the same command again, with', type: `--accept ${hash}` };
}

/** Meltano gives its plugins a settings file of its own, which is gone by now. */
export const applyCommand = ({ runner, plan, config }: Pick<Stopped, 'runner' | 'plan' | 'config'>): string =>
  runner === 'meltano'
    ? `meltano invoke target-together apply ${shellWord(plan ?? '')}`
    : ['target-together apply', shellWord(plan ?? ''), ...config.map((file) => `--config ${shellWord(file)}`)].join(
        ' ',
      );
