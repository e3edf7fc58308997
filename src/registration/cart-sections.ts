import { type EntityManager, In } from 'typeorm';
import { MeetingEntity } from './entities/meeting.entity';
import { SectionEntity } from './entities/section.entity';
import type { SectionFacts } from './rules';
import { type SectionView, sectionView } from './section-view';

/** A section as the page shows it and as the rules look at it. */
export interface CartSection {
  view: SectionView;
  facts: SectionFacts & { capacity: number };
}

/** The sections of the term among `ids`, by id. */
export async function cartSections(
  manager: EntityManager,
  termId: string,
  ids: readonly string[],
): Promise<Map<string, CartSection>> {
  if (ids.length === 0) return new Map();
  const sections = await manager.findBy(SectionEntity, { id: In([...ids]), termId });
  const where = { sectionId: In(sections.map(({ id }) => id)) };
  const meetings = await manager.find(MeetingEntity, { where, order: { sectionId: 'ASC', position: 'ASC' } });
  return new Map(
    sections.map((section) => {
      const own = meetings.filter(({ sectionId }) => sectionId === section.id);
      return [section.id, { view: sectionView(section, own), facts: factsOf(section, own) }];
    }),
  );
}

function factsOf(section: SectionEntity, meetings: MeetingEntity[]): CartSection['facts'] {
  const { id, courseId, department, number, type, creditsHundredths, capacity } = section;
  const code = `${department} ${number}`;
  return { ...{ id, courseId, code, type, creditsHundredths, capacity, meetings }, section: section.section };
}
