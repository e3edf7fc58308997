import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bigint, createTable, text, varchar } from '../table';

export class CreateOperatorActs1764000002600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, {
      name: 'operator_act',
      columns: [
        varchar('id', 22, { isPrimary: true }),
        bigint('at'),
        varchar('operator', 64),
        varchar('act', 16),
        varchar('room_id', 40, { isNullable: true }),
        varchar('student_id', 64, { isNullable: true }),
        varchar('note', 200),
        text('details'),
      ],
      indices: [
        { name: 'operator_act_at', columnNames: ['at'] },
        { name: 'operator_act_student', columnNames: ['student_id'] },
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('operator_act');
  }
}
