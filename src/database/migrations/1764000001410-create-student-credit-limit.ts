import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, varchar } from '../table';

export class CreateStudentCreditLimit1764000001410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'student_credit_limit',
      columns: [
        varchar('term_id', 40, { isPrimary: true }),
        varchar('student_id', 64, { isPrimary: true }),
        integer('limit_hundredths'),
        varchar('operator', 64),
        varchar('note', 200),
        bigint('set_at'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('student_credit_limit');
  }
}
