import type { Phrases } from './letter';
import { localTime } from './local-time';

export const KOREAN: Phrases = {
  greeting: (studentName) => `${studentName}님, 안녕하세요.`,
  heading: {
    enrolled: '수강신청 완료',
    dropped: '수강신청 취소',
    waitlisted: '대기자 등록',
    promoted: '대기자에서 수강신청 확정',
    offered: '빈자리 제안: 수락이 필요합니다',
    offer_expired: '빈자리 제안 만료',
    section_closed: '폐강 또는 마감: 신청은 그대로 남아 있으니 학사팀에 문의해 주세요',
    waitlist_closed: '폐강 또는 마감: 대기가 종료되었습니다',
  },
  subjectOfOne: (heading, section) => `[수강신청] ${heading} - ${section}`,
  subjectOfSeveral: (heading, count) => `[수강신청] ${heading} ${count}건`,
  subjectOfMixed: (count) => `[수강신청] 변경 내역 ${count}건`,
  waitlistPosition: (position) => `대기 순번 ${position}번`,
  acceptUntil: (time) => `${time}까지 수락해 주세요`,
  takenAway: (reason) => `학사 담당자가 취소했습니다. 사유: ${reason}`,
  asOf: (time) => `처리 시각: ${time}`,
  footer: '이 메일은 자동으로 발송되었습니다. 현재 신청 내역은 수강신청 페이지에서 확인해 주세요.',
  time: (at, timeZone) => {
    const { year, month, day, weekday, clock } = localTime(at, 'ko', timeZone);
    return `${year}년 ${month}월 ${day}일(${weekday}) ${clock} (${timeZone})`;
  },
};
