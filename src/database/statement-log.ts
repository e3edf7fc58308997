import { Logger } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';

/** Of a statement, as much as says which one it was. */
const LONGEST_STATEMENT = 200;

/**
 * What TypeORM has to say by itself, among the product's own log lines. The values of a statement are left out: they name
 * students. A statement that failed is not told here, for whoever asked gets the error.
 */
export class StatementLog implements TypeOrmLogger {
  private readonly logger = new Logger('Database');

  logQuerySlow(milliseconds: number, statement: string): void {
    const text = statement.replace(/\s+/g, ' ').trim().slice(0, LONGEST_STATEMENT);
    const fields = { code: 'statement_slow', ms: Math.round(milliseconds), statement: text };
    this.logger.warn(fields, 'A statement took long');
  }

  logMigration(message: string): void {
    this.logger.debug({ code: 'migration', detail: message }, 'A migration');
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger[level === 'warn' ? 'warn' : 'debug']({ code: 'typeorm', detail: message }, 'A word of TypeORM');
  }

  logQuery(): void {}

  logQueryError(): void {}

  logSchemaBuild(): void {}
}
