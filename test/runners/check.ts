import type { Environment } from './environments.ts';

/** One line of the result: a real runner does its work, and the check looks at what came of it. */
export interface Check {
  /** `suite: what is guaranteed`. The filter of the command line matches anywhere in it. */
  readonly name: string;
  /** The Python environments that it needs. */
  readonly needs: readonly Environment[];
  /** Throws when the guarantee doesn't hold. A returned text is shown behind the result. */
  run(): Promise<string | undefined>;
}
