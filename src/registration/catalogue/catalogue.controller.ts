import { Controller } from '@nestjs/common';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { catalogueCalls, type SectionPage, type Term, type Section } from '../../contract/catalogue';
import { IsSignedIn } from '../../identity/student.guard';
import { dayNumber } from '../../contract/week-time';
import { CatalogueService } from './catalogue.service';

/** The catalogue is public: it needs no sign-in. */
@Controller()
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Serves(catalogueCalls.terms)
  async terms(@IsSignedIn() signedIn: boolean): Promise<{ terms: Term[] }> {
    return { terms: await this.catalogue.terms(signedIn) };
  }

  @Serves(catalogueCalls.departments)
  async departments(
    @Asked() { path: { termId } }: AskedOf<typeof catalogueCalls.departments>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<{ departments: string[] }> {
    return { departments: await this.catalogue.departments(termId, signedIn) };
  }

  @Serves(catalogueCalls.searchSections)
  search(
    @Asked() { path: { termId }, query: { day, ...search } }: AskedOf<typeof catalogueCalls.searchSections>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<SectionPage> {
    return this.catalogue.search(termId, { ...search, day: day && dayNumber(day) }, signedIn);
  }

  @Serves(catalogueCalls.section)
  section(
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof catalogueCalls.section>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<Section> {
    return this.catalogue.section(termId, id, signedIn);
  }
}
