import { FeedWatermark } from './feed-watermark';

const LINE = { roomId: 'room', epoch: 1, incarnation: 'life' };

describe('what a pod has seen', () => {
  let watermark: FeedWatermark;

  beforeEach(() => {
    watermark = new FeedWatermark();
    watermark.begin(LINE);
    watermark.foundOn('old');
    watermark.see(7);
  });

  it('is said of the server on which it was found', () => {
    expect(watermark.report(LINE, 'pod')).toEqual({ podId: 'pod', sequence: 7, server: 'old', number: 0, latest: 0 });
  });

  it('is not said of the old server when it was seen after the pod had asked', () => {
    watermark.report(LINE, 'pod');
    watermark.see(9);
    expect(watermark.isAbove(8)).toBe(true);
    expect(watermark.report(LINE, 'pod')).toMatchObject({ sequence: 7, server: 'old', latest: 9 });
  });

  it('is said of the new server as a whole once the line was found there', () => {
    watermark.report(LINE, 'pod');
    watermark.see(9);
    watermark.foundOn('new');
    watermark.see(10);
    expect(watermark.report(LINE, 'pod')).toMatchObject({ sequence: 10, server: 'new', latest: 0 });
  });

  it('is nothing of another life', () => {
    const other = { ...LINE, incarnation: 'another' };
    expect(watermark.report(other, 'pod')).toMatchObject({ sequence: 0, server: '', latest: 0 });
    watermark.begin(other);
    expect(watermark.isAbove(0)).toBe(false);
  });

  it('counts a signed ticket of this epoch only', () => {
    watermark.seeTicket({ epoch: 2, number: 12, joinedAt: 0 });
    watermark.seeTicket({ epoch: 1, number: 4, joinedAt: 0 });
    expect(watermark.report(LINE, 'pod')).toMatchObject({ number: 4 });
  });
});
