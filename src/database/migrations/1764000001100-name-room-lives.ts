import type { MigrationInterface, QueryRunner } from 'typeorm';
import { randomId } from '../../common/ids';
import { addColumn } from '../table';

/**
 * Rooms that are there already get a name for the life that they are in, and the time of their first version. A pod one
 * version older that makes a room leaves both empty: its tickets name no life either.
 */
export class NameRoomLives1764000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'room', 'nonce', `VARCHAR(32) NOT NULL DEFAULT ''`);
    await addColumn(runner, 'room', 'created_at', 'BIGINT NOT NULL DEFAULT 0');
    const rooms = (await runner.query(`SELECT id FROM room WHERE nonce = ''`)) as { id: string }[];
    for (const { id } of rooms) {
      const [first] = (await runner.query('SELECT MIN(changed_at) AS at FROM room_version WHERE room_id = ?', [
        id,
      ])) as {
        at: number | string | null;
      }[];
      await runner.query('UPDATE room SET nonce = ?, created_at = ? WHERE id = ?', [
        randomId(),
        Number(first?.at ?? 0),
        id,
      ]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room DROP COLUMN created_at');
    await runner.query('ALTER TABLE room DROP COLUMN nonce');
  }
}
