import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { chunksOf, groupBy } from '../common/collections';
import { bulkInsertNew, ROWS_PER_STATEMENT, type RowValue } from '../database/bulk';
import type { LineEvent, LineRef } from '../line/line-store';
import type { EndedAdmissions, TrailProjection } from '../trail/trail-ports';
import { admissionId } from './admission-token';
import { AdmissionEntity } from './admission.entity';

type EndedEvent = Extract<LineEvent, { type: 'ended' }>;

/** Keeps the table of admissions in step with the trail, in the same transaction. */
@Injectable()
export class AdmissionProjection implements TrailProjection, EndedAdmissions {
  async endedAmong(manager: EntityManager, roomId: string, numbers: readonly number[]): Promise<Set<number>> {
    const ended = new Set<number>();
    for (const some of chunksOf(numbers, ROWS_PER_STATEMENT)) {
      const rows = await manager.findBy(AdmissionEntity, { roomId, number: In(some), endedAt: Not(IsNull()) });
      for (const row of rows) ended.add(row.number);
    }
    return ended;
  }

  async apply(manager: EntityManager, line: LineRef, events: LineEvent[]): Promise<void> {
    const admitted = events.flatMap((event) => (event.type === 'admitted' ? [toRow(line, event)] : []));
    await bulkInsertNew(manager, 'admission', admitted);
    const ended = events.filter((event): event is EndedEvent => event.type === 'ended');
    for (const [reason, group] of groupBy(ended, ({ reason }) => reason)) {
      const numbers = group.map(({ number }) => number);
      const endedAt = Math.max(...group.map(({ at }) => at));
      for (const some of chunksOf(numbers, ROWS_PER_STATEMENT)) {
        await manager.update(
          AdmissionEntity,
          { roomId: line.roomId, number: In(some), endedAt: IsNull() },
          { endedAt, endReason: reason },
        );
      }
    }
  }
}

function toRow({ roomId, epoch }: LineRef, event: Extract<LineEvent, { type: 'admitted' }>): Record<string, RowValue> {
  return {
    ...{ jti: admissionId(roomId, event.number), room_id: roomId, number: event.number, student_id: event.studentId },
    ...{ epoch, sequence: event.sequence, admitted_at: event.at, expires_at: event.expiresAt },
    ...{ ended_at: null, end_reason: null },
  };
}
