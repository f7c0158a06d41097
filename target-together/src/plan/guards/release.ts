/** How to release a plan that a guard stopped. Airbyte passes no flags: there a setting says it. */

/** The executable that runs, as the summary names it. */
export type Program = 'target-together' | 'destination-together';

/** `steps` lead to `type`, which is to be copied. */
export function releaseOf(program: string, hash: string): { readonly steps: string; readonly type: string } {
  return program === ('destination-together' satisfies Program)
    ? { steps: "sync again, with this in the destination's settings", type: `"accept_plan": "${hash}"` }
    : { steps: 'the same command again, with', type: `--accept ${hash}` };
}
