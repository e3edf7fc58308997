import { Logger } from '@nestjs/common';
import { lineError } from '../line-error';
import { StoreTrouble } from './store-trouble';

describe('what is told of a store in trouble', () => {
  const told: { code: string; error?: string; reason?: string }[] = [];
  let trouble: StoreTrouble;

  beforeEach(() => {
    told.length = 0;
    const tell = (fields: (typeof told)[number]): number => told.push(fields);
    Logger.overrideLogger({ log: tell, warn: tell, error: tell });
    trouble = new StoreTrouble();
  });
  afterAll(() => void Logger.overrideLogger(true));

  const fail = (message: string, now = 0): void =>
    trouble.failed(lineError('line_unavailable', new Error(message)), now);

  it('is each reason once, and once that it is over', () => {
    for (let call = 0; call < 100; call += 1) fail('Command timed out');
    fail('Connection is closed.');
    fail('Command timed out');
    trouble.answered(5_000);
    trouble.answered(6_000);
    expect(told).toEqual([
      { code: 'store_failing', error: 'line_unavailable', reason: 'Command timed out' },
      { code: 'store_failing', error: 'line_unavailable', reason: 'Connection is closed.' },
      { code: 'store_serving' },
    ]);
  });

  it('is one trouble while some calls fail and some do not', () => {
    for (let now = 0; now < 20_000; now += 1_000) {
      fail('Command timed out', now);
      trouble.answered(now + 500);
    }
    expect(told).toHaveLength(1);
  });

  it('begins anew with the next trouble', () => {
    fail('LOADING Redis is loading the dataset in memory', 0);
    trouble.answered(10_000);
    fail('LOADING Redis is loading the dataset in memory', 20_000);
    expect(told).toHaveLength(3);
  });

  it('is nothing of a refusal that is none of the store', () => {
    trouble.failed(lineError('room_closed'));
    trouble.answered();
    expect(told).toEqual([]);
  });

  it.each([
    'connect to redis://default:hunter2@cache:6379/0 failed',
    "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'hunter2'",
  ])('is no secret: %s', (message) => {
    fail(message);
    expect(told).toHaveLength(1);
    expect(told[0]?.reason).not.toContain('hunter2');
  });

  it('does not go on for ever with reasons that differ in a number only', () => {
    for (let slot = 0; slot < 1_000; slot += 1) fail(`MOVED ${slot} 127.0.0.1:6379`);
    expect(told.length).toBeLessThan(10);
  });
});
