import { render } from 'preact';
import { Page } from './page.tsx';
import { startStore } from './state/store.ts';

const root = document.getElementById('page');
if (root) {
  root.replaceChildren();
  render(<Page />, root);
  startStore();
}
