import { useEffect, useState } from 'preact/hooks';
import type { EnrolmentNews } from '../../sdk';
import { usePage } from '../page-context';
import type { Texts } from '../text/en';
import { sectionCode } from '../text/section-code';
import { CrossIcon } from './icons';
import { playChime } from './sound';

function newsText(words: Texts['news'], { by, state, closed }: EnrolmentNews, code: string): string {
  if (closed) return words.closed(code);
  if (by === 'operator') {
    if (state === 'enrolled') return words.givenByRegistrar(code);
    return state === 'dropped' ? words.takenByRegistrar(code) : words.changedByRegistrar(code);
  }
  if (state === 'enrolled') return words.promoted(code);
  return state === 'offered' ? words.offered(code) : words.offerOver(code);
}

/** What the class is called; its number until that is known. */
function useCode({ termId, sectionId }: EnrolmentNews): string | undefined {
  const { client } = usePage();
  const [code, setCode] = useState<string>();
  useEffect(() => {
    let wanted = true;
    client.api
      .section(termId, sectionId)
      .then((section) => wanted && setCode(sectionCode(section)))
      .catch(() => wanted && setCode(sectionId));
    return () => {
      wanted = false;
    };
  }, [client, termId, sectionId]);
  return code;
}

function NewsCard({ news, onSee }: { news: EnrolmentNews; onSee?: () => void }) {
  const { client, texts } = usePage();
  const code = useCode(news);
  useEffect(playChime, []);
  if (code === undefined) return null;
  const see = () => {
    onSee?.();
    client.readNews(news.id);
  };
  return (
    <div class="toast news" data-section={news.sectionId} data-state={news.state}>
      <p>{newsText(texts.news, news, code)}</p>
      <div class="news-actions">
        {onSee && (
          <button type="button" class="button button-small" onClick={see}>
            {news.state === 'offered' ? texts.prepare.seeOffers : texts.news.see}
          </button>
        )}
        <button
          type="button"
          class="button-icon"
          aria-label={texts.news.close}
          onClick={() => client.readNews(news.id)}
        >
          <CrossIcon />
        </button>
      </div>
    </div>
  );
}

/** What happened to the student's seats without them, on whichever view they are; it stays until it is put away. */
export function SeatNews({ onSee }: { onSee?: () => void }) {
  const { state, texts } = usePage();
  return (
    <div class="news-list" role="status" aria-label={texts.news.label}>
      {state.news.map((news) => (
        <NewsCard key={news.id} news={news} onSee={onSee} />
      ))}
    </div>
  );
}
