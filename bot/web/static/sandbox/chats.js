// The list of chats at the left: newest first, with its last line, time and unread count.

import { badge, botAvatar, byId, el, groupAvatar } from './dom.js';
import { chatsOf, store } from './store.js';
import { brief } from './time.js';

const membersOf = (chat) =>
  store.community.people.filter((one) => one.chats.includes(chat.key));
const pictureOf = (chat) =>
  (chat.kind === 'group' ? groupAvatar(membersOf(chat)) : botAvatar(chat.kind));
const EMPTY = { group: '还没有人说话', private: '单独说，别人看不到', wecom: '和正式接入走同一条路' };

function previewOf(chat) {
  const message = store.last.get(chat.key);
  if (!message) return EMPTY[chat.kind];
  const line = (message.text || '[不是文字]').replace(/\s+/g, ' ').slice(0, 80);
  const spoken = message.bot ? store.community.bot : message.name;
  return chat.kind === 'group' ? `${spoken}：${line}` : line;
}

function row(chat) {
  const current = Boolean(store.chat && store.chat.key === chat.key);
  const last = store.last.get(chat.key);
  const link = el('a', { href: `#${encodeURIComponent(chat.key)}`, class: 'row',
    'data-chat': chat.key, 'aria-current': current ? 'true' : null },
  el('span', { class: 'face' }, pictureOf(chat), badge(store.unread.get(chat.key))),
  el('span', { class: 'what' },
    el('span', { class: 'top' }, el('b', {}, chat.name),
      el('time', {}, last ? brief(last.at) : '')),
    el('span', { class: 'preview' }, previewOf(chat))));
  return el('li', {}, link);
}

const newestFirst = (a, b) => momentOf(b) - momentOf(a);

function momentOf(chat) {
  const last = store.last.get(chat.key);
  return last ? new Date(last.at).getTime() : 0;
}

/** Draw the list anew; the focus stays on the chat it was on. */
export function drawChats() {
  if (!store.speaker) return;
  const list = byId('chats');
  const focused = list.contains(document.activeElement) && document.activeElement.dataset.chat;
  list.replaceChildren(...chatsOf(store.speaker).sort(newestFirst).map(row));
  if (focused) {
    const again = [...list.querySelectorAll('a')].find((link) => link.dataset.chat === focused);
    if (again) again.focus();
  }
}
