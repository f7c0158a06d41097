/** Certificates made on the spot by openssl: one authority, and servers of every kind. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** Path of the authority's own certificate. */
  readonly authority: string;
  /** For 127.0.0.1 and *.example.com, signed by the authority. */
  readonly good: Pem;
  readonly expired: Pem;
  readonly otherHost: Pem;
  readonly selfSigned: Pem;
  remove(): void;
}

/** `hosts`: further names that the good one is for. */
export function makeCertificates(hosts: readonly string[] = []): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = (name: string) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name];
  const here = `subjectAltName=${['IP:127.0.0.1', ...['*.example.com', ...hosts].map((name) => `DNS:${name}`)].join()}`;

  openssl('req', '-x509', ...key('ca.key'), '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2');
  const signed = (name: string, names: string, ...validity: string[]): Pem => {
    openssl('req', ...key(`${name}.key`), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(at(`${name}.ext`), names);
    const from = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...from, ...validity);
    return pem(name);
  };
  const pem = (name: string): Pem => ({
    cert: readFileSync(at(`${name}.pem`), 'utf8'),
    key: readFileSync(at(`${name}.key`), 'utf8'),
  });
  const good = signed('good', here, '-days', '2');
  // A negative number of days ends before it begins: expired since yesterday.
  const expired = signed('expired', here, '-days', '-1');
  const otherHost = signed('other', 'subjectAltName=DNS:other.example.org', '-days', '2');
  openssl('req', '-x509', ...key('self.key'), '-out', 'self.pem', '-subj', '/CN=self', '-days', '2', '-addext', here);
  return {
    authority: at('ca.pem'),
    good,
    expired,
    otherHost,
    selfSigned: pem('self'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
