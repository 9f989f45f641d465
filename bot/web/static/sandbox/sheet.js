// One dialog for everything that slides in: from below on a phone, in the middle on a PC.

import { byId } from './dom.js';

const sheet = byId('sheet');
let onClosed = null;

/** Show `content` under `title`; `done` is called once when it goes away. */
export function openSheet(title, content, done = null) {
  byId('sheet-title').textContent = title;
  byId('sheet-body').replaceChildren(content);
  onClosed = done;
  if (!sheet.open) sheet.showModal();
  byId('sheet-body').scrollTop = 0;
}

export function closeSheet() {
  if (sheet.open) sheet.close();
}

sheet.addEventListener('close', () => {
  const done = onClosed;
  onClosed = null;
  if (done) done();
});
sheet.addEventListener('click', (event) => {
  if (event.target === sheet) closeSheet(); // the click fell on the backdrop
});
byId('sheet-close').addEventListener('click', closeSheet);
