import type { Database } from '../database/database';
import { lineError } from '../line/line-error';
import type { LineStore } from '../line/line-store';
import type { LineService } from '../line/line.service';
import type { RoomService } from '../room/room.service';
import { RoomArchive } from './room-archive';

describe('deleting an archived room', () => {
  it('deletes nothing while its line cannot be freed, which one made anew would find', async () => {
    const write = jest.fn(() => Promise.reject(new Error('rows were deleted')));
    const remove = jest.fn();
    const archive = new RoomArchive(
      { archived: () => Promise.resolve([{ id: 'fall' }]), remove } as unknown as RoomService,
      { has: () => false } as unknown as LineService,
      { discard: () => Promise.reject(lineError('line_unavailable')) } as unknown as LineStore,
      { read: () => Promise.resolve([{ epoch: 1, incarnation: 'life' }]), write } as unknown as Database,
    );
    const removed = archive.remove('fall', { operator: 'tester', note: 'test' });
    await expect(removed).rejects.toMatchObject({ code: 'line_unavailable' });
    expect([write.mock.calls, remove.mock.calls]).toEqual([[], []]);
  });
});
