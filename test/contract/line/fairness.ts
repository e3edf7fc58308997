import type { LineEvent } from '../../../src/line/line-store';

interface Waiting {
  studentId: string;
  present: boolean;
}

/**
 * What is wrong in a feed, told from its events alone: numbers that are not dense, a student with two tickets, an
 * admission that overtook a present student, a move that a ticket cannot make.
 *
 * @param epoch the epoch whose numbers are checked
 * @param firstNumber the first number it issues
 */
export function unfairness(events: LineEvent[], epoch: number, firstNumber: number): string[] {
  const problems: string[] = [];
  const waiting = new Map<number, Waiting>();
  const inside = new Map<number, string>();
  const holders = new Map<string, number>();
  let nextNumber = firstNumber;
  let sequence = 0;

  const overtaken = (number: number): number[] =>
    [...waiting].filter(([other, { present }]) => present && other < number).map(([other]) => other);

  const join = ({ number, studentId, ticketEpoch }: Extract<LineEvent, { type: 'joined' }>): void => {
    if (ticketEpoch === epoch && number !== nextNumber++)
      problems.push(`number ${number} instead of ${nextNumber - 1}`);
    if (holders.has(studentId)) problems.push(`${studentId} has ${holders.get(studentId)} and ${number}`);
    if (waiting.has(number) || inside.has(number)) problems.push(`number ${number} twice`);
    holders.set(studentId, number);
    waiting.set(number, { studentId, present: true });
  };

  const admit = ({ number, studentId, act }: Extract<LineEvent, { type: 'admitted' }>): void => {
    const ticket = waiting.get(number);
    if (ticket?.studentId !== studentId) problems.push(`${number} admitted, but does not wait`);
    const ahead = overtaken(number);
    const restored = !act && ticket?.present && ahead.length > 0;
    if (restored) problems.push(`${number} overtook ${ahead.join(', ')}`);
    waiting.delete(number);
    inside.set(number, studentId);
  };

  for (const event of events) {
    if (event.sequence !== ++sequence) problems.push(`event ${event.sequence} instead of ${sequence}`);
    if (event.type === 'joined') join(event);
    if (event.type === 'admitted') admit(event);
    if (event.type === 'away' || event.type === 'back') {
      const ticket = waiting.get(event.number);
      if (!ticket || ticket.present !== (event.type === 'away'))
        problems.push(`${event.number} cannot be ${event.type}`);
      else ticket.present = event.type === 'back';
    }
    if (event.type === 'acknowledged' && !inside.has(event.number)) problems.push(`${event.number} is not inside`);
    if (event.type === 'ended') {
      holders.delete(event.studentId);
      if (!waiting.delete(event.number) && !inside.delete(event.number)) problems.push(`${event.number} ended twice`);
    }
  }
  return problems;
}
