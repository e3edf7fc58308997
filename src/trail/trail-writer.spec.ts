import type { Database } from '../database/database';
import type { StudentDirectory } from '../identity/student-directory';
import type { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { TrailWriter } from './trail-writer';

describe('the writing of a trail', () => {
  it('ends with the room, though this pod never heard that the trail has it all', async () => {
    let isFollowed = true;
    const asked = jest.fn(() => {
      // Another pod archives the room.
      isFollowed = false;
      return Promise.resolve({ ref: {}, events: [] });
    });
    const lines = { isFollowed: () => isFollowed } as unknown as LineService;
    const line = {
      ...{ room: { id: 'fall' }, replica: { sequence: 2 }, durableSequence: 1, durableBy: '' },
      ...{ isWriter: () => true, readPending: asked },
    } as unknown as RoomLine;
    const writer = new TrailWriter(lines, {} as Database, {} as StudentDirectory, []);
    writer.onEvents(line);
    await writer.stop();
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
