import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { sectionIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedParam, CheckedQuery } from '../../common/validation';
import { IsSignedIn } from '../../identity/student.guard';
import { CatalogueService, type SectionPage, type TermView } from './catalogue.service';
import type { SectionView } from './section-view';
import { dayNumber, WEEKDAYS } from '../seats/rules/week-time';

const searchSchema = z.strictObject({
  query: z.string().trim().max(100).optional(),
  department: z.string().trim().min(1).max(16).optional(),
  day: z.enum(WEEKDAYS).optional(),
  openOnly: z.stringbool().optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
});

/** The catalogue is public: it needs no sign-in. */
@ApiTags('catalogue')
@Controller('api/terms')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get()
  @ApiOperation({ summary: 'All terms' })
  async terms(@IsSignedIn() signedIn: boolean): Promise<{ terms: TermView[] }> {
    return { terms: await this.catalogue.terms(signedIn) };
  }

  @Get(':termId/departments')
  @ApiOperation({ summary: 'Departments with sections in a term' })
  async departments(
    @CheckedParam('termId', termIdSchema) termId: string,
    @IsSignedIn() signedIn: boolean,
  ): Promise<{ departments: string[] }> {
    return { departments: await this.catalogue.departments(termId, signedIn) };
  }

  @Get(':termId/sections')
  @ApiOperation({ summary: 'Search the sections of a term' })
  @ApiQuery({
    name: 'query',
    required: false,
    type: String,
    description:
      'Words in code (`MATH252`, `math-252`), section id, title or instructors, whatever their accents; at most 12 different ones',
  })
  @ApiQuery({ name: 'department', required: false, type: String, description: 'Such as `MATH`' })
  @ApiQuery({ name: 'day', required: false, enum: WEEKDAYS, description: 'Only sections that meet on this day' })
  @ApiQuery({ name: 'openOnly', required: false, type: Boolean, description: 'Only sections with seats left' })
  @ApiQuery({ name: 'page', required: false, type: Number, description: 'From 1 on' })
  @ApiQuery({ name: 'pageSize', required: false, type: Number, description: '1 to 100, default 20' })
  search(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedQuery(searchSchema) { day, ...search }: z.infer<typeof searchSchema>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<SectionPage> {
    return this.catalogue.search(termId, { ...search, day: day && dayNumber(day) }, signedIn);
  }

  @Get(':termId/sections/:sectionId')
  @ApiOperation({ summary: 'One section' })
  section(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @IsSignedIn() signedIn: boolean,
  ): Promise<SectionView> {
    return this.catalogue.section(termId, id, signedIn);
  }
}
