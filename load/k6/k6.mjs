import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The machine's own k6: this project neither ships nor builds it. */
const k6 = spawn('k6', process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => k6.kill(signal));
k6.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
k6.on('error', ({ code, message }) => {
  console.error(
    code === 'ENOENT'
      ? 'k6 is not on the PATH: get it as https://grafana.com/docs/k6/latest/set-up/install-k6/ says, or run the same script by npm run k6:host'
      : `k6 cannot be started: ${message}`,
  );
  process.exit(127);
});
