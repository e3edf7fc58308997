import { acknowledgePacket, askPacket, connectPacket, type Packet, readPacket } from './packets';

describe('packets of Socket.IO', () => {
  it.each<[string, Packet]>([
    [
      '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":4096}',
      { kind: 'open', pingIntervalMs: 25_000, pingTimeoutMs: 20_000 },
    ],
    ['2', { kind: 'ping' }],
    ['40{"sid":"b"}', { kind: 'connected' }],
    ['41', { kind: 'disconnected' }],
    ['44{"message":"no","data":{"code":"not_signed_in"}}', { kind: 'refused', code: 'not_signed_in' }],
    ['44{"message":"no"}', { kind: 'refused', code: '' }],
    ['42["room:state",{"a":"[1]"}]', { kind: 'event', name: 'room:state', args: [{ a: '[1]' }] }],
    ['4217["line:admitted",{}]', { kind: 'event', name: 'line:admitted', args: [{}], acknowledge: 17 }],
    ['430[{"ok":true}]', { kind: 'answer', id: 0, args: [{ ok: true }] }],
    ['6', { kind: 'other' }],
  ])('are read: %s', (text, packet) => {
    expect(readPacket(text)).toEqual(packet);
  });

  it.each(['42[]', '43[]', '42', '0{'])('that are broken are refused: %s', (text) => {
    expect(() => readPacket(text)).toThrow();
  });

  it('are written', () => {
    expect(connectPacket({ token: 't' })).toBe('40{"token":"t"}');
    expect(askPacket(3, 'line:join', { roomId: 'fall' })).toBe('423["line:join",{"roomId":"fall"}]');
    expect(acknowledgePacket(12)).toBe('4312[]');
  });
});
