import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessExit } from './managed-process';
import { freePort } from './ports';
import { temporaryDirectory, TemporaryDirectory } from './temporary-directory';

/** The configuration that is run for real, as it is. */
const CONFIGURATION = join(__dirname, '..', '..', 'deploy', 'nginx', 'nginx.conf');

export interface Nginx {
  url: string;
  port: number;
  pid: number;
  output(): string;
  stop(): Promise<void>;
}

/** nginx with the configuration of deploy/nginx in front of these pods (`host:port` each). */
export async function startNginx(pods: string[]): Promise<Nginx> {
  const port = await freePort();
  const directory = nginxDirectory(pods, port);
  const process = await runNginx(directory.path);
  const url = `http://127.0.0.1:${port}`;
  await process.untilReady(async () => (await fetch(`${url}/metrics`)).status === 404);
  return {
    url,
    port,
    pid: process.pid,
    output: () => process.output(),
    stop: async () => {
      await process.stop();
      directory.remove();
    },
  };
}

/** What `nginx -t` says of the configuration. */
export async function checkNginx(pods: string[]): Promise<ProcessExit & { output: string }> {
  const directory = nginxDirectory(pods, await freePort());
  const process = await runNginx(directory.path, ['-t']);
  const exit = await process.exited();
  directory.remove();
  return { ...exit, output: process.output() };
}

/** The configuration with the two files beside it that say where and in front of what. */
function nginxDirectory(pods: string[], port: number): TemporaryDirectory {
  const directory = temporaryDirectory('nginx');
  // The workers are not root even when nginx is, and keep large bodies in here.
  chmodSync(directory.path, 0o755);
  copyFileSync(CONFIGURATION, join(directory.path, 'nginx.conf'));
  writeFileSync(join(directory.path, 'listen.conf'), `listen 127.0.0.1:${port};\n`);
  writeFileSync(join(directory.path, 'pods.conf'), pods.map((pod) => `server ${pod} max_fails=0;\n`).join(''));
  return directory;
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
