import { type EntityManager, In } from 'typeorm';
import type { Section } from '../../contract/catalogue';
import type { ClassYear } from '../../contract/fields';
import { MeetingEntity } from '../entities/meeting.entity';
import { SectionEntity } from '../entities/section.entity';
import { sectionView } from '../catalogue/catalogue-views';
import { seatsLeft } from '../seats/rules';
import type { WantedSection } from './cart-check';

/** A section as the page shows it and as the rules look at it. */
export interface CartSection {
  view: Section;
  facts: WantedSection;
}

/** The sections of the term among `ids`, by id. `limited`: the term enforces the limits per class year. */
export async function cartSections(
  manager: EntityManager,
  termId: string,
  ids: readonly string[],
  limited: boolean,
): Promise<Map<string, CartSection>> {
  if (ids.length === 0) return new Map();
  const sections = await manager.findBy(SectionEntity, { id: In([...ids]), termId });
  const where = { termId, sectionId: In(sections.map(({ id }) => id)) };
  const meetings = await manager.find(MeetingEntity, { where, order: { sectionId: 'ASC', position: 'ASC' } });
  return new Map(
    sections.map((section) => {
      const own = meetings.filter(({ sectionId }) => sectionId === section.id);
      const view = sectionView(section, { ...section, left: seatsLeft(section) }, own);
      return [section.id, { view, facts: factsOf(section, own, limited) }];
    }),
  );
}

function factsOf(section: SectionEntity, meetings: MeetingEntity[], limited: boolean): WantedSection {
  const { id, courseId, department, number, type, creditsHundredths, capacity } = section;
  const code = `${department} ${number}`;
  return {
    ...{ id, courseId, code, type, creditsHundredths, capacity, meetings },
    section: section.section,
    classYearLimits: limited ? limitsOf(section) : undefined,
  };
}

const limitsOf = ({ classYearLimits }: SectionEntity): WantedSection['classYearLimits'] =>
  JSON.parse(classYearLimits ?? '{}') as Partial<Record<ClassYear, number>>;
