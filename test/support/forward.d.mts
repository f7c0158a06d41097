import type { Server } from 'node:net';

interface Address {
  readonly host: string;
  readonly port: number;
}

export function forward(from: Address, to: Address): Promise<Server>;
