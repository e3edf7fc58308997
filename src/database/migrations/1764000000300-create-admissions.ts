import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, integer, varchar } from '../table';

export class CreateAdmissions1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'admission',
      columns: [
        varchar('jti', 64, { isPrimary: true }),
        varchar('room_id', 40),
        bigint('number'),
        varchar('student_id', 64),
        integer('epoch'),
        bigint('sequence'),
        bigint('admitted_at'),
        bigint('expires_at'),
        bigint('ended_at', { isNullable: true }),
        varchar('end_reason', 16, { isNullable: true }),
      ],
      uniques: [{ name: 'admission_once', columnNames: ['room_id', 'number'] }],
      indices: [{ name: 'admission_student', columnNames: ['student_id', 'room_id'] }],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('admission');
  }
}
