interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Forwarder {
  readonly port: number;
  close(): void;
}

export function forward(from: Address, to: Address): Promise<Forwarder>;
