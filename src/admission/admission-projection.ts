import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { In, IsNull, Not } from 'typeorm';
import type { LineEvent, LineRef } from '../line/line-store';
import type { EndedAdmissions } from '../trail/ended-admissions';
import type { TrailProjection } from '../trail/trail-projection';
import { admissionId } from './admission-token';
import { AdmissionEntity } from './admission.entity';

/** Rows in one statement. */
const CHUNK = 500;

type EndedEvent = Extract<LineEvent, { type: 'ended' }>;

/** Keeps the table of admissions in step with the trail, in the same transaction. */
@Injectable()
export class AdmissionProjection implements TrailProjection, EndedAdmissions {
  async endedAmong(manager: EntityManager, roomId: string, numbers: readonly number[]): Promise<Set<number>> {
    const ended = new Set<number>();
    for (let start = 0; start < numbers.length; start += CHUNK) {
      const number = In(numbers.slice(start, start + CHUNK));
      const rows = await manager.findBy(AdmissionEntity, { roomId, number, endedAt: Not(IsNull()) });
      for (const row of rows) ended.add(row.number);
    }
    return ended;
  }

  async apply(manager: EntityManager, line: LineRef, events: LineEvent[]): Promise<void> {
    const admitted = events.flatMap((event) => (event.type === 'admitted' ? [toRow(line, event)] : []));
    for (let start = 0; start < admitted.length; start += CHUNK) {
      const rows = admitted.slice(start, start + CHUNK);
      await manager.createQueryBuilder().insert().into(AdmissionEntity).values(rows).orIgnore().execute();
    }
    const ended = events.filter((event): event is EndedEvent => event.type === 'ended');
    for (const [reason, group] of groupBy(ended, ({ reason }) => reason)) {
      const numbers = group.map(({ number }) => number);
      const endedAt = Math.max(...group.map(({ at }) => at));
      for (let start = 0; start < numbers.length; start += CHUNK) {
        await manager.update(
          AdmissionEntity,
          { roomId: line.roomId, number: In(numbers.slice(start, start + CHUNK)), endedAt: IsNull() },
          { endedAt, endReason: reason },
        );
      }
    }
  }
}

function toRow(line: LineRef, event: Extract<LineEvent, { type: 'admitted' }>): AdmissionEntity {
  return {
    jti: admissionId(line.roomId, event.number),
    roomId: line.roomId,
    number: event.number,
    studentId: event.studentId,
    epoch: line.epoch,
    sequence: event.sequence,
    admittedAt: event.at,
    expiresAt: event.expiresAt,
    endedAt: null,
    endReason: null,
  };
}

function groupBy<T, K>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
