import { Module, OnApplicationShutdown } from '@nestjs/common';
import { RoomEntity, RoomVersionEntity } from './room.entity';
import { RoomService } from './room.service';

export const ROOM_ENTITIES = [RoomEntity, RoomVersionEntity];

/** The rooms: settings, schedule, state. Port: `KnownTerms`. */
@Module({ providers: [RoomService], exports: [RoomService] })
export class RoomModule implements OnApplicationShutdown {
  constructor(private readonly rooms: RoomService) {}

  onApplicationShutdown(): Promise<void> {
    return this.rooms.stop();
  }
}
