import { inTurn, withParts } from './turns';

describe('sides that are measured in turn', () => {
  it('are compared within each repeat, however slow the machine is then', async () => {
    const order: string[] = [];
    let slow = 1;
    const turns = await inTurn(
      [
        { name: 'a', cost: 1 },
        { name: 'b', cost: 4 },
      ],
      3,
      async ({ name, cost }) => {
        order.push(name);
        if (name === 'a') slow *= 3;
        return cost * slow;
      },
      () => undefined,
    );
    expect(order.join('')).toBe('ababab');
    expect(turns.ratio('a', 'b')).toEqual({ median: 0.25, least: 0.25, most: 0.25 });
    expect(turns.rows('µs').map(({ side }) => side)).toEqual(['a', 'b', 'a / b']);
  });
});

it('parts are stopped, the last one first, also when the work failed', async () => {
  const stopped: string[] = [];
  const part = (name: string) => Promise.resolve({ stop: async () => void stopped.push(name) });
  const work = withParts(async (keep) => {
    await keep(part('one'));
    await keep(part('two'));
    throw new Error('broken');
  });
  await expect(work).rejects.toThrow('broken');
  expect(stopped).toEqual(['two', 'one']);
});
