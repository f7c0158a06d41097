import type { Environment } from '../text/environment.ts';

/** One HTTPS GET; `transport/src/http/request.ts` has it. */
export type SecretSend = (request: {
  method: 'GET';
  url: URL;
  headers: Record<string, string>;
}) => Promise<{ status: number; text(maxBytes?: number): Promise<string> }>;

export interface SecretDeps {
  readonly env: Environment;
  /** Without it, stores that are asked over HTTPS can't be used. */
  readonly send?: SecretSend;
  /** Loads an optional package; default: see `findPackage`. */
  readonly load?: (module: string) => Promise<Record<string, unknown>>;
  /** The one who wrote the reference need not be who may run commands and read files here: it takes a variable to allow them. */
  readonly ofPlatform?: boolean;
  /** Runs a program without a shell and gives its stdout. */
  readonly exec?: (command: string, args: readonly string[]) => Promise<string>;
}
