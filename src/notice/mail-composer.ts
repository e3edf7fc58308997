import type { OutboxMail } from '../contract/mails';
import type { StudentDirectory } from '../identity/student-directory';
import type { MailLanguage } from '../contract/identity';
import type { Mail } from './mail-transport';
import type { MailText } from './templates/letter';
import { renderLetter } from './templates/render';

export interface SectionName {
  /** As students know it: department, number and section. */
  code: string;
  title: string;
}

/** Port: what sections are called. Bound by the composition root. */
export abstract class SectionNames {
  /** By section id; a section that is not known (any more) is not in it. */
  abstract names(termId: string, ids: readonly string[]): Promise<Map<string, SectionName>>;
}

/** Why nobody can be written to, as the outbox keeps it. */
export type Unsendable = 'the student has no e-mail address' | 'the student is not known any more';

export interface Reader {
  name: string;
  language: MailLanguage;
}

/** Makes a mail of what the outbox has to say. */
export class MailComposer {
  /** @param timeZone IANA name */
  constructor(
    private readonly students: StudentDirectory,
    private readonly sections: SectionNames,
    private readonly timeZone: string,
  ) {}

  /**
   * The mail to the address and in the language that the student has now.
   *
   * @throws DomainError `database_unavailable`
   */
  async compose(outboxMail: OutboxMail): Promise<Mail | Unsendable> {
    const student = await this.students.find(outboxMail.studentId);
    if (!student) return 'the student is not known any more';
    if (!student.email) return 'the student has no e-mail address';
    const text = await this.render(outboxMail, student);
    return { id: mailName(outboxMail), to: { name: student.name, address: student.email }, ...text };
  }

  /** What the mail says, for whom it may concern. */
  async render({ termId, notices, createdAt }: OutboxMail, { name, language }: Reader): Promise<MailText> {
    const names = await this.sections.names(termId, [...new Set(notices.map(({ sectionId }) => sectionId))]);
    const lines = notices.map(({ kind, sectionId, details }) => {
      const { code, title } = names.get(sectionId) ?? { code: sectionId, title: '' };
      return { kind, code, title, ...details };
    });
    return renderLetter({ studentName: name, at: createdAt, lines }, language, this.timeZone);
  }
}

/** By which receivers tell a mail sent twice from two mails: numbers begin anew in a new database, so the time is in it. */
const mailName = ({ id, createdAt }: OutboxMail): string => `${id}.${createdAt.toString(36)}`;
