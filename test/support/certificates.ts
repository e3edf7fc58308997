import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryDirectory, temporaryDirectory } from '../../load/servers/temporary-directory';

export interface KeyPair {
  cert: string;
  key: string;
}

/** An authority of this run, whose certificates live for a day; all by openssl, as files. */
export class Authority {
  readonly directory: TemporaryDirectory = temporaryDirectory('authority');
  /** Its own certificate. */
  readonly ca = this.file('ca.pem');

  constructor() {
    const subject = ['-subj', '/CN=Authority of the tests'];
    openssl('req', '-x509', ...KEY, '-days', '1', ...subject, '-keyout', this.file('ca.key'), '-out', this.ca);
  }

  /** A certificate for the host of that name. */
  issue(name: string, files = this.pair(name)): KeyPair {
    const request = this.file(`${name}.csr`);
    const extensions = this.file(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
    openssl('req', ...KEY, '-subj', `/CN=${name}`, '-keyout', files.key, '-out', request);
    const authority = ['-CA', this.ca, '-CAkey', this.file('ca.key'), '-CAcreateserial', '-days', '1'];
    openssl('x509', '-req', '-in', request, ...authority, '-extfile', extensions, '-out', files.cert);
    return files;
  }

  /** Puts a pair in the place of another, for servers that read their files again. */
  replace(old: KeyPair, by: KeyPair): void {
    copyFileSync(by.key, old.key);
    copyFileSync(by.cert, old.cert);
  }

  remove(): void {
    this.directory.remove();
  }

  private pair(name: string): KeyPair {
    return { cert: this.file(`${name}.pem`), key: this.file(`${name}.key`) };
  }

  private file(name: string): string {
    return join(this.directory.path, name);
  }
}

const KEY = ['-newkey', 'rsa:2048', '-nodes'];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
