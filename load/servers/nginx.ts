import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ManagedProcess, ProcessExit } from './managed-process';
import { freePorts } from './ports';
import { temporaryDirectory, TemporaryDirectory } from './temporary-directory';

/** The configuration that is run for real, as it is. */
const CONFIGURATION = join(__dirname, '..', '..', 'deploy', 'nginx');

export interface NginxOptions {
  /** TLS ends here, with a certificate of its own. */
  tls?: boolean;
  /** A site (`host:port`), the room that it is behind, and the page for those who are not inside. */
  site?: { server: string; roomId: string; roomPage: string };
}

export interface Nginx {
  url: string;
  port: number;
  pid: number;
  /** Of the site behind the room; '' without one. */
  siteUrl: string;
  /** PEM, which clients have to trust; '' without TLS. */
  certificate: string;
  output(): string;
  stop(): Promise<void>;
}

/** nginx with the configuration of deploy/nginx in front of these pods (`host:port` each). */
export async function startNginx(pods: string[], options: NginxOptions = {}): Promise<Nginx> {
  const [port, sitePort] = (await freePorts(2)) as [number, number];
  const directory = nginxDirectory(pods, { port, sitePort }, options);
  const process = await runNginx(directory.path);
  await process.untilReady(() => isListening(port));
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    pid: process.pid,
    siteUrl: options.site ? `http://127.0.0.1:${sitePort}` : '',
    certificate: options.tls ? readFileSync(join(directory.path, 'certificate.pem'), 'utf8') : '',
    output: () => process.output(),
    stop: async () => {
      await process.stop();
      directory.remove();
    },
  };
}

/** What `nginx -t` says of the configuration. */
export async function checkNginx(
  pods: string[],
  options: NginxOptions = {},
): Promise<ProcessExit & { output: string }> {
  const [port, sitePort] = (await freePorts(2)) as [number, number];
  const directory = nginxDirectory(pods, { port, sitePort }, options);
  const process = await runNginx(directory.path, ['-t']);
  const exit = await process.exited();
  directory.remove();
  return { ...exit, output: process.output() };
}

/** The configuration with the files beside it that say where and in front of what. */
function nginxDirectory(
  pods: string[],
  { port, sitePort }: { port: number; sitePort: number },
  { tls, site }: NginxOptions,
): TemporaryDirectory {
  const directory = temporaryDirectory('nginx');
  const write = (file: string, text: string): void => writeFileSync(join(directory.path, file), text);
  const copy = (file: string, to = file): void => copyFileSync(join(CONFIGURATION, file), join(directory.path, to));
  // The workers are not root even when nginx is, and keep large bodies in here.
  chmodSync(directory.path, 0o755);
  copy('nginx.conf');
  write('listen.conf', tls ? `listen 127.0.0.1:${port} ssl;\ninclude tls.conf;\n` : `listen 127.0.0.1:${port};\n`);
  write('pods.conf', pods.map((pod) => `server ${pod} max_fails=0;\n`).join(''));
  if (tls) {
    copy('tls.conf');
    makeCertificate(directory.path);
  }
  if (site) {
    mkdirSync(join(directory.path, 'sites'));
    copy('auth-request.conf', 'sites/auth-request.conf');
    const settings = [`set $room_id ${site.roomId};`, `set $room_page ${site.roomPage};`];
    write('site.conf', [`listen 127.0.0.1:${sitePort};`, ...settings, ''].join('\n'));
    write('site-servers.conf', `server ${site.server};\n`);
  }
  return directory;
}

/** For 127.0.0.1, signed by itself, good for a day. */
function makeCertificate(path: string): void {
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(path, 'key.pem'), '-out', join(path, 'certificate.pem')];
  execFileSync('openssl', ['req', ...kind, ...name, ...files], { stdio: 'pipe' });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function runNginx(path: string, args: string[] = []): Promise<ManagedProcess> {
  return ManagedProcess.start({
    name: 'nginx',
    command: 'nginx',
    args: ['-e', 'stderr', '-p', `${path}/`, '-c', join(path, 'nginx.conf'), ...args],
    // The master ends its workers.
    deathSignal: 'TERM',
  });
}
