import { createServer, connect, type Server, type Socket, type AddressInfo } from 'node:net';
import { waitFor } from '../../../load/support/wait-for';
import { CommitWatch } from './commit-watch';
import { StoreProxy } from './store-proxy';

/** A MySQL packet with one text query. */
function query(text: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUIntLE(text.length + 1, 0, 3);
  head[4] = 3;
  return Buffer.concat([head, Buffer.from(text)]);
}

describe('the proxy between a pod and a store', () => {
  let store: Server;
  let proxy: StoreProxy;
  let heard = '';
  const sockets: Socket[] = [];

  beforeEach(async () => {
    heard = '';
    store = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        heard += data.toString('latin1');
        socket.write(data);
      });
    });
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    proxy = await StoreProxy.start((store.address() as AddressInfo).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await proxy.stop();
    await new Promise((resolve) => store.close(resolve));
  });

  function open(): { socket: Socket; echoed: () => string; ended: () => boolean } {
    const socket = connect(proxy.port, '127.0.0.1');
    sockets.push(socket);
    let echoed = '';
    let ended = false;
    socket.on('data', (data) => (echoed += data.toString('latin1')));
    socket.on('error', () => (ended = true));
    socket.on('close', () => (ended = true));
    return { socket, echoed: () => echoed, ended: () => ended };
  }

  it('passes on what is said, in order, whatever the delay', async () => {
    const { socket, echoed } = open();
    proxy.delayMs = 60;
    socket.write('one ');
    await waitFor(() => proxy.done.delayed > 0);
    proxy.delayMs = 0;
    socket.write('two');
    await waitFor(() => echoed() === 'one two');
    expect(heard).toBe('one two');
  });

  it('lets nothing through while it stands still, and everything afterwards', async () => {
    const { socket, echoed } = open();
    socket.write('a');
    await waitFor(() => echoed() === 'a');
    proxy.stall();
    socket.write('b');
    const late = open();
    late.socket.write('c');
    await waitFor(() => proxy.connections === 2);
    expect(heard).toBe('a');
    proxy.heal();
    await waitFor(() => echoed() === 'ab' && late.echoed() === 'c');
  });

  it('resets what is open, and takes nothing new while it refuses', async () => {
    const first = open();
    await waitFor(() => proxy.connections === 1);
    proxy.refuse();
    const second = open();
    await waitFor(() => first.ended() && second.ended());
    expect(proxy.done).toMatchObject({ cut: 1, refused: 1 });
    proxy.heal();
    const third = open();
    third.socket.write('back');
    await waitFor(() => third.echoed() === 'back');
  });

  it('loses the COMMIT of a transaction that grants seats, and no other', async () => {
    const watch = new CommitWatch('before');
    proxy.tap = () => watch.tap();
    const { socket, echoed } = open();
    const trail = [query('START TRANSACTION'), query('INSERT INTO `trail` VALUES (1)'), query('COMMIT')];
    for (const packet of trail) socket.write(packet);
    await waitFor(() => echoed().includes('COMMIT'));
    socket.write(query('START TRANSACTION'));
    socket.write(query('INSERT INTO `enrolment` VALUES (1)'));
    await waitFor(() => echoed().includes('enrolment'));
    socket.write(query('COMMIT'));
    expect(await watch.caught(5_000)).toBe(true);
    expect(heard.split('COMMIT')).toHaveLength(2);
  });

  it('loses the answer to such a COMMIT, and not the COMMIT', async () => {
    const watch = new CommitWatch('after');
    proxy.tap = () => watch.tap();
    const { socket, echoed } = open();
    socket.write(query('DELETE FROM `enrolment` WHERE 1'));
    await waitFor(() => echoed().includes('DELETE'));
    socket.write(query('COMMIT'));
    expect(await watch.caught(5_000)).toBe(true);
    await waitFor(() => heard.includes('COMMIT'));
    expect(echoed()).not.toContain('COMMIT');
  });
});
