import type { INestApplication } from '@nestjs/common';
import type { Config } from '../config/config';
import { OperatorDirectory, operatorsFile } from '../identity/operator-directory';

/** Tells whoever started the process where to go. The operator's token is shown once, when it was just made. */
export function announce(app: INestApplication, config: Config, listeningAt: string): void {
  const url = config.http.publicUrl ?? listeningAt;
  const lines = [
    '',
    `  Sunbeon is ready (${config.mode}).`,
    '',
    `  Student page    ${url}/`,
    `  API             ${url}/api/docs`,
    `  Health          ${url}/readyz`,
  ];
  if (config.signIn.demo)
    lines.push('', '  Demo sign-in is on: anybody who reaches this address may sign in as anybody.');
  for (const warning of config.warnings) lines.push('', `  Note: ${warning}`);
  const made = app.get(OperatorDirectory).printedOnce;
  if (made) lines.push('', `  Operator "${made.name}", token (shown only now): ${made.token}`);
  else if (config.operatorTokens.length === 0) lines.push('', `  Operators are in ${operatorsFile(config)}`);
  console.log([...lines, ''].join('\n'));
}
