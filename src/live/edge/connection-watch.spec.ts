import { EventEmitter } from 'node:events';
import type { Connection } from './connection';
import { ConnectionCuts, ConnectionWatch } from './connection-watch';

/** As much of engine.io's connection as is looked at. */
class FakeConnection extends EventEmitter {
  readyState = 'open';
  writeBuffer: { type: string; data: string }[] = [];
  readonly socket = Object.assign(new EventEmitter(), { bufferedAmount: 0, terminate: jest.fn() });
  readonly transport = { socket: this.socket };
  /** It answers each ping at once. */
  readonly sendPacket = jest.fn(() => void this.emit('packet', { type: 'pong' }));
  readonly close = jest.fn(() => void (this.readyState = 'closed'));

  queue(packets: number, size = 10): void {
    this.writeBuffer = Array.from({ length: packets }, () => ({ type: 'message', data: 'x'.repeat(size) }));
    this.emit('packetCreate', { type: 'message' });
  }
}

describe('the watch over connections', () => {
  let watch: ConnectionWatch;
  let connection: FakeConnection;

  beforeEach(() => {
    jest.useFakeTimers();
    connection = new FakeConnection();
    const watched = connection as unknown as Connection;
    const limits = { pingIntervalMs: 10_000, pingTimeoutMs: 10_000, signInMs: 10_000 };
    watch = new ConnectionWatch(limits, new ConnectionCuts());
    watch.watch(watched);
  });
  afterEach(() => {
    watch.stop();
    jest.useRealTimers();
  });

  const cut = (): boolean => connection.socket.terminate.mock.calls.length > 0;

  it('cuts one that does not answer any more', () => {
    jest.advanceTimersByTime(60_000);
    expect(cut()).toBe(false);
    connection.sendPacket.mockReset();
    jest.advanceTimersByTime(20_000);
    expect(watch.cuts).toMatchObject({ silent: 1 });
  });

  it('cuts one whose queue stands still for as long as a lost socket is waited for', () => {
    connection.queue(3);
    jest.advanceTimersByTime(20_000);
    expect(cut()).toBe(false);
    jest.advanceTimersByTime(2_000);
    expect(cut()).toBe(true);
    expect(watch.cuts).toMatchObject({ stalled: 1 });
  });

  it('leaves one alone that is slow but reads', () => {
    for (let second = 0; second < 60; second += 1) {
      connection.queue(3);
      jest.advanceTimersByTime(1_000);
    }
    expect(cut()).toBe(false);
  });

  it('cuts one with too much waiting in its queue', () => {
    connection.queue(60, 2_000);
    jest.advanceTimersByTime(1_000);
    expect(watch.cuts).toMatchObject({ backlog: 1 });
  });

  it('cuts one with too much waiting in its socket', () => {
    connection.socket.bufferedAmount = 100_000;
    connection.emit('packetCreate', { type: 'message' });
    jest.advanceTimersByTime(1_000);
    expect(watch.cuts).toMatchObject({ backlog: 1 });
  });

  it('cuts one with too many packets waiting before one more is added', () => {
    connection.queue(63);
    connection.emit('packetCreate', { type: 'message' });
    expect(cut()).toBe(false);
    connection.queue(64);
    connection.emit('packetCreate', { type: 'message' });
    expect(watch.cuts).toMatchObject({ backlog: 1 });
  });

  it('cuts one that sends without end, pings and pongs of the WebSocket included', () => {
    for (let frame = 0; frame < 200; frame += 1) connection.emit('packet', { type: 'pong' });
    for (let frame = 0; frame < 100; frame += 1) connection.socket.emit('ping');
    for (let frame = 0; frame < 100; frame += 1) connection.socket.emit('pong');
    expect(cut()).toBe(false);
    connection.emit('packet', { type: 'message' });
    expect(watch.cuts).toMatchObject({ flood: 1 });
  });

  it('closes one that says goodbye', () => {
    connection.emit('packet', { type: 'close' });
    expect(connection.close).toHaveBeenCalledWith(true);
  });

  it('ends one that does not come to the end of its close', () => {
    connection.readyState = 'closing';
    jest.advanceTimersByTime(1_000);
    expect(cut()).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(cut()).toBe(true);
  });

  it('counts the time to sign in from when it was told that it began', () => {
    watch.expectSocket(connection as unknown as Connection, () => false, Date.now() - 9_000);
    jest.advanceTimersByTime(1_000);
    expect(watch.cuts).toMatchObject({ no_socket: 1 });
  });

  it('cuts one that stays without a socket, and only then', () => {
    watch.expectSocket(connection as unknown as Connection, () => true);
    jest.advanceTimersByTime(10_000);
    expect(cut()).toBe(false);
    watch.expectSocket(connection as unknown as Connection, () => false);
    jest.advanceTimersByTime(10_000);
    expect(watch.cuts).toMatchObject({ no_socket: 1 });
  });
});
