import type { MailLanguage } from '../../contract/identity';
import type { LetterLine } from './letter';
import { renderLetter } from './render';

const AT = Date.UTC(2026, 1, 28, 15, 30);
const SEOUL = 'Asia/Seoul';
const KEPT_KO = '폐강 또는 마감: 신청은 그대로 남아 있으니 학사팀에 문의해 주세요';
const KEPT_EN = 'Closed or cancelled: you are still enrolled, please ask the registrar what becomes of it';

const line = (kind: LetterLine['kind'], extra: Partial<LetterLine> = {}): LetterLine => ({
  kind,
  code: 'CSCI 121 A',
  title: '프로그래밍 입문',
  ...extra,
});

const render = (language: MailLanguage, ...lines: LetterLine[]) =>
  renderLetter({ studentName: '김하늘', at: AT, lines }, language, SEOUL);

describe('a mail', () => {
  it.each<[MailLanguage, LetterLine, string, string]>([
    ['ko', line('enrolled'), '[수강신청] 수강신청 완료 - CSCI 121 A 프로그래밍 입문', 'CSCI 121 A 프로그래밍 입문'],
    ['en', line('enrolled'), '[Registration] Enrolled - CSCI 121 A 프로그래밍 입문', 'CSCI 121 A 프로그래밍 입문'],
    ['ko', line('dropped'), '[수강신청] 수강신청 취소 - CSCI 121 A 프로그래밍 입문', 'CSCI 121 A 프로그래밍 입문'],
    ['en', line('dropped'), '[Registration] Dropped - CSCI 121 A 프로그래밍 입문', 'CSCI 121 A 프로그래밍 입문'],
    [
      'ko',
      line('dropped', { reason: '선수\n과목' }),
      '[수강신청] 수강신청 취소 - CSCI 121 A 프로그래밍 입문',
      'CSCI 121 A 프로그래밍 입문 - 학사 담당자가 취소했습니다. 사유: 선수 과목',
    ],
    [
      'en',
      line('dropped', { reason: 'No prerequisite' }),
      '[Registration] Dropped - CSCI 121 A 프로그래밍 입문',
      'by the registration office, for this reason: No prerequisite',
    ],
    ['ko', line('waitlisted', { position: 3 }), '[수강신청] 대기자 등록 - CSCI 121 A 프로그래밍 입문', '대기 순번 3번'],
    [
      'en',
      line('waitlisted', { position: 3 }),
      '[Registration] On the waitlist - CSCI 121 A 프로그래밍 입문',
      'place 3 on the waitlist',
    ],
    ['ko', line('promoted'), '[수강신청] 대기자에서 수강신청 확정 - CSCI 121 A 프로그래밍 입문', '수강신청 확정'],
    ['en', line('promoted'), '[Registration] Enrolled from the waitlist - CSCI 121 A 프로그래밍 입문', 'Enrolled from'],
    [
      'ko',
      line('offered', { expiresAt: AT }),
      '[수강신청] 빈자리 제안: 수락이 필요합니다 - CSCI 121 A 프로그래밍 입문',
      '2026년 3월 1일(일) 00:30 (Asia/Seoul)까지 수락해 주세요',
    ],
    [
      'en',
      line('offered', { expiresAt: AT }),
      '[Registration] A seat is offered to you: please accept it - CSCI 121 A 프로그래밍 입문',
      'accept by Sun, 1 Mar 2026, 00:30 (Asia/Seoul)',
    ],
    ['ko', line('offer_expired'), '[수강신청] 빈자리 제안 만료 - CSCI 121 A 프로그래밍 입문', '빈자리 제안 만료'],
    [
      'en',
      line('offer_expired'),
      '[Registration] The offer of a seat has ended - CSCI 121 A 프로그래밍 입문',
      'The offer of a seat has ended',
    ],
    ['ko', line('section_closed'), `[수강신청] ${KEPT_KO} - CSCI 121 A 프로그래밍 입문`, '신청은 그대로'],
    ['en', line('section_closed'), `[Registration] ${KEPT_EN} - CSCI 121 A 프로그래밍 입문`, 'you are still enrolled'],
    [
      'ko',
      line('waitlist_closed'),
      '[수강신청] 폐강 또는 마감: 대기가 종료되었습니다 - CSCI 121 A 프로그래밍 입문',
      '대기가 종료',
    ],
    [
      'en',
      line('waitlist_closed'),
      '[Registration] Closed or cancelled: your wait for a seat has ended - CSCI 121 A 프로그래밍 입문',
      'your wait for a seat has ended',
    ],
  ])('in %s says what happened: %j', (language, given, subject, text) => {
    const mail = render(language, given);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(text);
    expect(mail.html).toContain(text);
  });

  it.each<[MailLanguage, string]>([
    ['ko', '처리 시각: 2026년 3월 1일(일) 00:30 (Asia/Seoul)'],
    ['en', 'As of: Sun, 1 Mar 2026, 00:30 (Asia/Seoul)'],
  ])('in %s shows the time of the configured zone', (language, expected) => {
    expect(render(language, line('enrolled')).text).toContain(expected);
  });

  it('puts what happened together into one mail, by kind', () => {
    const other = { code: 'MATH 120', title: 'Calculus' };
    const { subject, text } = render(
      'en',
      line('enrolled'),
      line('dropped', other),
      line('enrolled', { code: 'ART 1' }),
    );
    expect(subject).toBe('[Registration] 3 changes to your sections');
    expect(text).toContain(
      'Enrolled\n- CSCI 121 A 프로그래밍 입문\n- ART 1 프로그래밍 입문\n\nDropped\n- MATH 120 Calculus',
    );
  });

  it.each<[MailLanguage, string]>([
    ['ko', '[수강신청] 수강신청 완료 2건'],
    ['en', '[Registration] Enrolled - 2 sections'],
  ])('in %s counts sections of one kind in its subject', (language, subject) => {
    expect(render(language, line('enrolled'), line('enrolled')).subject).toBe(subject);
  });

  it('shows markup in names as text', () => {
    const letter = {
      studentName: `<img src=x> "O'Neil"`,
      at: AT,
      lines: [line('enrolled', { title: 'A & <b>B</b>' })],
    };
    const { html, text } = renderLetter(letter, 'en', SEOUL);
    expect(html).toContain('&lt;img src=x&gt; &quot;O&#39;Neil&quot;');
    expect(html).toContain('A &amp; &lt;b&gt;B&lt;/b&gt;');
    expect(html).not.toContain('<b>');
    expect(text).toContain('A & <b>B</b>');
  });

  it('keeps line breaks in names out of the subject', () => {
    const { subject } = render('en', line('enrolled', { title: 'Intro\r\nBcc: x@example.org' }));
    expect(subject).toBe('[Registration] Enrolled - CSCI 121 A Intro Bcc: x@example.org');
  });
});
