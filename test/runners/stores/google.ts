/**
 * Google Secret Manager as its own client library sees it: gRPC over TLS, one method, and a service account's self-signed
 * token, whose signature is checked. Wire format: google/cloud/secretmanager/v1/service.proto.
 */
import { generateKeyPairSync, verify } from 'node:crypto';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Pem } from '../../faults/support/certificates.ts';

const method = '/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion';
const grpc = { ok: 0, invalid: 3, notFound: 5, denied: 7, unauthenticated: 16 } as const;

export interface GoogleServer {
  readonly port: number;
  /** The service account's key file. */
  readonly account: object;
  /** Names of the versions asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** `secrets`: value by resource name; `null` is a secret that this account may not read. */
export async function startGoogle(pem: Pem, secrets: Readonly<Record<string, string | null>>): Promise<GoogleServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: string[] = [];

  const signed = (authorization: string | undefined): boolean => {
    const [head = '', body = '', signature = ''] = (authorization ?? '').replace(/^Bearer /, '').split('.');
    return verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'));
  };
  const answer = (stream: ServerHttp2Stream, status: number, message?: Buffer) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status) }));
    if (message === undefined) stream.end();
    else {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([head, message]));
    }
  };

  const server = createSecureServer({ ...pem, allowHTTP1: false });
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const name = firstString(Buffer.concat(chunks).subarray(5));
      asked.push(name);
      if (headers[':path'] !== method) return answer(stream, grpc.invalid);
      if (!signed(headers.authorization)) return answer(stream, grpc.unauthenticated);
      const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (value === undefined) return answer(stream, grpc.notFound);
      if (value === null) return answer(stream, grpc.denied);
      return answer(stream, grpc.ok, Buffer.concat([field(1, name), field(2, field(1, value))]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  return {
    port: (server.address() as AddressInfo).port,
    account: {
      type: 'service_account',
      project_id: 'hr',
      private_key_id: 'test',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: 'sync@hr.iam.gserviceaccount.com',
      client_id: '1',
      token_uri: 'https://oauth2.googleapis.com/token',
    },
    asked,
    close: () => {
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A length-delimited field of a protobuf message. */
function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The message's first field, shorter than 128 bytes: `name` of an AccessSecretVersionRequest. */
function firstString(message: Buffer): string {
  return message[0] === 10 ? message.subarray(2, 2 + (message[1] ?? 0)).toString() : '';
}
