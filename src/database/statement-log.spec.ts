import { Logger } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';
import { StatementLog } from './statement-log';

describe('a slow statement', () => {
  it('is told in one line, without its values', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const log: TypeOrmLogger = new StatementLog();
    log.logQuerySlow(5_000.4, 'SELECT *\n  FROM students WHERE email = ?', ['kim@example.ac.kr']);
    expect(warn.mock.calls).toEqual([['A statement took 5000 ms: SELECT * FROM students WHERE email = ?']]);
  });
});
