import type { Metafile } from 'esbuild';

export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Of its licence file; undefined where it has none. */
  readonly text: string | undefined;
}

export const onDemand: readonly string[];
export function owned(metafile: Metafile): Metafile;
export function thirdParties(metafile: Metafile, home: string): ThirdParty[];
export function notices(name: string, parties: readonly ThirdParty[]): string;
