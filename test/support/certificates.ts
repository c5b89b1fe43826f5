/** @file Authorities and certificates made by the openssl program while a test runs; they are valid for a day. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For `node:test`: false where openssl is there, else why the test is skipped. */
export function skipWithoutOpenssl(): string | false {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'the program openssl is absent, which makes the certificates of these tests';
  }
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Certificate and key of one holder. */
export interface Pair {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Signs certificates; lies in a folder of its own until `remove`. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'metaapo-tls-'));
  readonly certPath = join(this.folder, 'ca.crt');
  readonly #keyPath = join(this.folder, 'ca.key');
  #count = 0;

  constructor(name = 'test authority') {
    const files = ['-keyout', this.#keyPath, '-out', this.certPath];
    openssl('req', '-x509', ...EC_KEY, ...files, '-days', '1', '-subj', `/CN=${name}`);
  }

  /** A certificate for these names, as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. */
  issue(names: readonly string[] = ['DNS:localhost', 'IP:127.0.0.1']): Pair {
    this.#count += 1;
    const at = (ending: string): string => join(this.folder, `${this.#count}.${ending}`);
    writeFileSync(at('ext'), `subjectAltName=${names.join(',')}\n`);
    openssl('req', ...EC_KEY, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=holder ${this.#count}`);
    const signer = ['-CA', this.certPath, '-CAkey', this.#keyPath, '-CAcreateserial'];
    openssl('x509', '-req', '-in', at('csr'), ...signer, '-days', '1', '-extfile', at('ext'), '-out', at('crt'));
    return { certPath: at('crt'), keyPath: at('key') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
