import { type INestApplication, Logger } from '@nestjs/common';
import type { Config } from '../config/config';
import { OperatorDirectory, operatorsFile } from '../identity/operator-directory';

/**
 * Tells whoever started the process where to go: people in plain sentences, at the end of all else, and machines in the
 * log. The operator's token is shown once, when it was just made, and never in the log.
 */
export function announce(app: INestApplication, config: Config, listeningAt: string): void {
  const url = config.http.publicUrl ?? listeningAt;
  const made = app.get(OperatorDirectory).printedOnce;
  if (config.logFormat === 'text') return console.log(forPeople(config, url, made).join('\n'));
  const logger = new Logger('Start');
  for (const warning of config.warnings) logger.warn({ code: 'config_warning', warning }, 'A setting looks odd');
  logger.log({ code: 'ready', mode: config.mode, url, demoSignIn: config.signIn.demo }, 'Sunbeon is ready');
  if (made) console.error(shownOnce(made));
}

function forPeople(config: Config, url: string, made: OperatorDirectory['printedOnce']): string[] {
  const lines = [
    '',
    `  Sunbeon is ready (${config.mode}).`,
    '',
    `  Student page    ${url}/`,
    `  Console         ${url}/operator`,
    `  API             ${url}/api/docs`,
    `  Health          ${url}/readyz`,
  ];
  if (config.signIn.demo)
    lines.push('', '  Demo sign-in is on: anybody who reaches this address may sign in as anybody.');
  for (const warning of config.warnings) lines.push('', `  Note: ${warning}`);
  if (made) lines.push('', `  ${shownOnce(made)}`);
  else if (config.operatorTokens.length === 0) lines.push('', `  Operators are in ${operatorsFile(config)}`);
  return [...lines, ''];
}

const shownOnce = ({ name, token }: { name: string; token: string }): string =>
  `Operator "${name}", token (shown only now): ${token}`;
