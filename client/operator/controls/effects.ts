import type { RoomReport } from '../../../src/contract/operate/rooms';
import { momentText } from '../format';
import { outlook } from '../predict';
import type { ConsoleTexts } from '../text/texts';

export interface Effects {
  effects: string[];
  warnings: string[];
}

/** How the line goes on when the room is so, in words. */
export function effectsOn(texts: ConsoleTexts, room: RoomReport, now: number): Effects {
  const words = texts.controls;
  const { lastInAt, because, over } = outlook(room, now);
  const warnings = over > 0 ? [words.over(over)] : [];
  if (because === 'nobody_waits') {
    const stands = room.ratePerSecond <= 0 || room.capacity <= 0 ? [words.standsStill] : [];
    return { effects: [words.nobodyWaits], warnings: [...stands, ...warnings] };
  }
  const waiting = words.waitNow(room.waiting);
  if (lastInAt === undefined) return { effects: [waiting], warnings: [words.standsStill, ...warnings] };
  const when = momentText(texts, lastInAt, now);
  if (because === 'full') return { effects: [waiting, words.lastInLatest(when)], warnings };
  return { effects: [waiting, words.lastInAt(texts.perSecond(room.ratePerSecond), when)], warnings };
}
