import { hostname } from 'node:os';
import { Logger as NestLog, PinoLogger } from 'nestjs-pino';
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { currentRequest } from '../common/request-context';
import type { Config } from '../config/config';
import { LogRepeats } from './log-repeats';
import { cleanLine, plainError, SECRET_FIELDS } from './log-secrets';

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

export interface LogParts {
  /** What stands for a student in the log: never the id. */
  nameStudent: (studentId: string) => string;
  /** Where the lines go: standard output by default. */
  to?: DestinationStream;
}

/**
 * The log of this process: one JSON object a line, or text for people. Every line has `time`, `level`, `pod`, `context`
 * and `msg`, ours also a `code`; one that belongs to a request has its `requestId`. A `student` is hashed on the way.
 */
export function createLog(config: Pick<Config, 'logFormat' | 'logLevel'>, { nameStudent, to }: LogParts): Logger {
  const options: LoggerOptions = {
    level: config.logLevel,
    base: { pod: hostname(), pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    mixin: () => {
      const request = currentRequest();
      return request ? { requestId: request.id, student: request.studentId } : {};
    },
    // What a line says itself is more exact than what is known of the request around it.
    mixinMergeStrategy: (own, around) => Object.assign(around, own),
    serializers: {
      student: (id: unknown) => (typeof id === 'string' ? nameStudent(id) : undefined),
      err: (error: unknown) => plainError(error),
    },
    redact: { paths: SECRET_FIELDS, censor: '…' },
    hooks: { streamWrite: cleanLine },
  };
  return config.logFormat === 'json' ? pino(options, to ?? lines()) : pino(options, forPeople(to));
}

/** What may wait for a reader who does not read, in characters; beyond that lines are dropped, and their number is told. */
const MOST_UNREAD = 32 * 1024 * 1024;

/** Buffered, so that a reader who is slow holds up nobody; written out when the process ends. */
function lines(): DestinationStream {
  const out = pino.destination({ dest: 1, sync: false, maxLength: MOST_UNREAD });
  let dropped = 0;
  out.on('drop', () => (dropped += 1));
  out.on('drain', () => {
    if (dropped === 0) return;
    const line = { level: 'error', time: new Date().toISOString(), code: 'log_dropped', dropped };
    dropped = 0;
    out.write(`${JSON.stringify({ ...line, msg: 'Lines of the log were dropped: nobody read them' })}\n`);
  });
  return out;
}

/** At once, so that it stands in order with what is printed beside it. */
function forPeople(to: DestinationStream = process.stdout): DestinationStream {
  const format = prettyFactory({
    colorize: process.stdout.isTTY && !process.env.NO_COLOR,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,pod,context,code',
    messageFormat: '[{context}] {msg}{if code} ({code}){end}',
    singleLine: true,
    errorLikeObjectKeys: ['err'],
  });
  return { write: (line) => void to.write(format(line)) };
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes what the framework and our own classes log to pino. */
export class ProductLog extends NestLog {
  private readonly repeats = new LogRepeats();

  constructor(private readonly pino: Logger) {
    super(new PinoLogger({ pinoHttp: { logger: pino } }), {});
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context: unknown = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context)) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  /** What stops the start is said once and in one sentence, by main; where in the code it was matters to developers. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === START_FAILURE && !this.pino.isLevelEnabled('debug')) return;
    this.unlessRepeated(message, (said) => super.error(said, ...rest));
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    this.unlessRepeated(message, (said) => super.warn(said, ...rest));
  }

  /** What happens in the background is said once a minute; what a request met is said each time, for its sake. */
  private unlessRepeated(message: unknown, say: (message: unknown) => void): void {
    if (typeof message !== 'object' || message === null || !('code' in message)) return say(message);
    const fields = message as Fields;
    if (currentRequest() || fields.requestId !== undefined) return say(message);
    const unsaid = this.repeats.unsaid(fields, performance.now());
    if (unsaid !== undefined) say(unsaid > 0 ? { ...fields, unsaid } : fields);
  }
}
