import { Logger } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';
import { StatementLog } from './statement-log';

describe('a slow statement', () => {
  it('is told in one line, without its values', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const log: TypeOrmLogger = new StatementLog();
    log.logQuerySlow(5_000.4, 'SELECT *\n  FROM students WHERE email = ?', ['kim@example.ac.kr']);
    const statement = 'SELECT * FROM students WHERE email = ?';
    expect(warn.mock.calls).toEqual([[{ code: 'statement_slow', ms: 5_000, statement }, expect.any(String)]]);
  });
});
