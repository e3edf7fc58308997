import { render } from 'preact';
import { SunbeonClient } from '../sdk';
import { App } from './app';
import { PageProvider } from './page-context';
import './style/tokens.css';
import './style/base.css';
import './style/line.css';
import './style/workspace.css';
import './style/panels.css';
import './style/timetable.css';
import './style/dialogs.css';
import './style/print.css';

const client = new SunbeonClient();
const root = document.getElementById('page');
if (!root) throw new Error('The page has no #page element');
render(
  <PageProvider client={client}>
    <App />
  </PageProvider>,
  root,
);
