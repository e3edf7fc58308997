import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { failure } from '../../common/text';
import { RoomService } from '../../room/room.service';
import { FanOut } from '../fan-out/fan-out';

/** Tells the other pods at once that a room was made, changed, archived or deleted; each then reads it from the database. */
@Injectable()
export class RoomNews implements OnApplicationBootstrap {
  private readonly logger = new Logger('Rooms');

  constructor(
    private readonly rooms: RoomService,
    private readonly fanOut: FanOut,
  ) {}

  onApplicationBootstrap(): void {
    this.rooms.onChange(({ id, version }) => this.fanOut.tellPodsOfRoom(id, version));
    this.rooms.onRemoved(({ id, version }) => this.fanOut.tellPodsOfRoom(id, version + 1));
    this.fanOut.onRoomChanged((roomId, version) => {
      if (this.rooms.knows(roomId, version)) return;
      this.rooms.refresh().catch((error: unknown) => {
        this.logger.warn({ code: 'rooms_stale', room: roomId, ...failure(error) }, 'A room is read later');
      });
    });
  }
}
