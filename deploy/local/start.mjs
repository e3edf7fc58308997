import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { root } from './run-command.mjs';

try {
  prepare();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// deploy/README.md, "Memory", says why the semi-space is set.
const flags = ['--max-semi-space-size=16', '--enable-source-maps'];
const service = spawn(process.execPath, [...flags, join(root, 'dist', 'main.js')], {
  cwd: root,
  stdio: 'inherit',
});

/** A terminal sends Ctrl-C to both processes; the service minds a signal only once. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => service.kill(signal));

service.on('error', (error) => {
  console.error(`The service cannot be started: ${error.message}`);
  process.exit(1);
});
service.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
