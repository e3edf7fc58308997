import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

export class CreateOutbox1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // SQLite counts up by itself only in a column that is called INTEGER, which holds 64 bits there.
    const isMysql = runner.dataSource.options.type === 'mysql';
    await createTable(runner, {
      name: 'outbox',
      columns: [
        {
          name: 'id',
          type: isMysql ? 'bigint' : 'integer',
          isPrimary: true,
          isGenerated: true,
          generationStrategy: 'increment',
        },
        varchar('student_id', 64),
        varchar('term_id', 40),
        text('notices'),
        varchar('state', 16),
        integer('attempts'),
        bigint('next_at'),
        varchar('claimed_by', 22, { isNullable: true }),
        bigint('created_at'),
        bigint('sent_at', { isNullable: true }),
        varchar('last_error', 300, { isNullable: true }),
      ],
      indices: [
        { name: 'outbox_next', columnNames: ['state', 'next_at'] },
        { name: 'outbox_student', columnNames: ['student_id'] },
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('outbox');
  }
}
