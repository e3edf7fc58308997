import { useFocusKept } from '../student/parts/use-focus-kept';
import { useConsole } from './console-context';
import { Link } from './parts/bits';
import { Header } from './parts/header';
import { NavIcon } from './parts/nav-icon';
import { SaidProvider } from './parts/said';
import { type Route, useRoute } from './router';
import { AuditView } from './views/audit';
import { OutboxView } from './views/outbox';
import { PodsView } from './views/pods';
import { RoomView } from './views/room';
import { SignInView } from './views/sign-in';
import { StudentsView } from './views/students';
import { TodayView } from './views/today';

const VIEWS = ['today', 'students', 'audit', 'outbox', 'pods'] as const;

function Nav({ route }: { route: Route }) {
  const { texts } = useConsole();
  const here = route.view === 'room' ? 'today' : route.view;
  return (
    <nav class="nav" aria-label={texts.common.sections}>
      {VIEWS.map((view) => (
        <Link key={view} to={{ view }} class="nav-link" current={view === here}>
          <NavIcon view={view} />
          <span>{texts.nav[view]}</span>
        </Link>
      ))}
    </nav>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'room':
      return <RoomView key={route.roomId} roomId={route.roomId} />;
    case 'students':
      return <StudentsView studentId={route.studentId} />;
    case 'audit':
      return <AuditView />;
    case 'outbox':
      return <OutboxView />;
    case 'pods':
      return <PodsView />;
    case 'today':
      return <TodayView />;
  }
}

export function App() {
  const { session, texts, feed, maySteer } = useConsole();
  const route = useRoute();
  useFocusKept();
  const isIn = session !== undefined && session !== 'asking';
  return (
    <SaidProvider>
      <a class="skip-link" href="#content">
        {texts.common.skip}
      </a>
      <Header />
      <div class={isIn ? 'frame' : 'frame frame-out'}>
        {isIn && <Nav route={route} />}
        <main id="content" tabIndex={-1}>
          {isIn && (
            <div role="status">
              {feed.connection === 'lost' && <p class="message message-bad lost">{texts.connection.lost}</p>}
            </div>
          )}
          {isIn && !maySteer && <p class="message read-only">{texts.readOnly}</p>}
          {session === undefined && <SignInView />}
          {isIn && <View route={route} />}
        </main>
      </div>
    </SaidProvider>
  );
}
