import { render } from 'preact';
import { App } from './app';
import { ConsoleProvider } from './console-context';
import '../student/style/tokens.css';
import '../student/style/base.css';
import '../student/style/dialogs.css';
import './style/console.css';
import './style/plots.css';
import './style/views.css';

const root = document.getElementById('page');
if (!root) throw new Error('The page has no #page element');
render(
  <ConsoleProvider>
    <App />
  </ConsoleProvider>,
  root,
);
