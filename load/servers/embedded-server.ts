import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startPod } from './pod';
import { temporaryDirectory } from './temporary-directory';

export interface EmbeddedServer {
  url: string;
  operatorToken: string;
  /** The SQLite file; open it read-only. */
  databaseFile: string;
  stop(): Promise<void>;
}

const ROOT = join(__dirname, '../..');

/**
 * Builds the service unless that was done from the present sources, and starts it embedded, in a directory of its own
 * that is removed at the end.
 *
 * @throws Error with the end of its output when it does not become ready
 */
export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  buildService();
  const directory = temporaryDirectory('embedded');
  const operatorToken = randomBytes(24).toString('base64url');
  const env = { DEMO_SIGN_IN: 'on', LOG_LEVEL: 'warn', OPERATOR_TOKENS: `load:${operatorToken}` };
  try {
    const pod = await startPod({ dataDir: directory.path, env });
    const stop = async (): Promise<void> => {
      await pod.stop();
      directory.remove();
    };
    return { url: pod.url, operatorToken, databaseFile: join(directory.path, 'sunbeon.sqlite'), stop };
  } catch (error) {
    directory.remove();
    throw error;
  }
}

/** Builds the service unless that was done from the present sources. @throws Error when that fails */
export function buildService(): void {
  const builder = pathToFileURL(join(ROOT, 'deploy/local/build.mjs')).href;
  const script = `import { ensureBuilt } from ${JSON.stringify(builder)}; ensureBuilt((line) => console.error(line));`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The service could not be built.');
}
