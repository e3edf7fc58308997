import { ConsoleLogger, LogLevel as NestLogLevel } from '@nestjs/common';
import type { Config, LogLevel } from '../config/config';

const LEVELS: Record<LogLevel, NestLogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};

/** Where the framework lists every route and module at each start: of interest only when debugging. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** Where the framework reports whatever it could not be started for. */
const START_FAILURE = 'ExceptionHandler';

/** The product's own log lines, as text or one JSON object a line. */
export class QuietLogger extends ConsoleLogger {
  private readonly debugging: boolean;

  constructor({ logFormat, logLevel }: Pick<Config, 'logFormat' | 'logLevel'>) {
    // Colours, if at all, on a terminal only; there the framework heeds NO_COLOR.
    const colors = process.stdout.isTTY ? undefined : false;
    super({ json: logFormat === 'json', logLevels: LEVELS[logLevel], prefix: 'Sunbeon', colors });
    this.debugging = logLevel === 'debug';
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context: unknown = rest.at(-1);
    if (!this.debugging && typeof context === 'string' && FRAMEWORK.has(context)) return;
    super.log(message, ...rest);
  }

  /** What stops the start is said once and in one sentence, by main; where in the code it was matters to developers. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (!this.debugging && rest.at(-1) === START_FAILURE) return;
    super.error(message, ...rest);
  }
}
