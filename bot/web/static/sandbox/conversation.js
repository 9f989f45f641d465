// The open conversation: loading, drawing what changed, and keeping the reader's place.

import { ApiError, getMessages } from './api.js';
import { isOwn, messageRow, signature } from './bubbles.js';
import { drawExamples } from './composer.js';
import { button, byId, el } from './dom.js';
import { lastAppeal, lastBuilding, setMessages, store } from './store.js';
import { shownId, showTrace } from './trace.js';
import { examplesFor, LISTENING, SAY } from './words.js';

const PAGE = 60;
const NEAR = 80;
const ABOUT = {
  group: '这个群还没有人说话。',
  private: '私聊里说的话，别人看不到。',
  wecom: '这里的话会加密送到回调地址，和正式接入企业微信一样。',
};
const scroller = byId('scroller');
const log = byId('log');
const pill = byId('pill');
const rows = new Map(); // message id → { node, sign }
const limits = new Map(); // chat key → how many messages to ask for
let sticking = true;
let unseen = 0;
let hooks = {};

/** `given`: resend(message), suggest(text). */
export function startConversation(given) {
  hooks = { ...given, explain };
  scroller.addEventListener('scroll', onScroll, { passive: true });
  // The keyboard, the rotation and 长辈版 all move the end of the talk: follow it.
  const follow = new ResizeObserver(() => { if (sticking) toBottom(); });
  follow.observe(scroller);
  follow.observe(log);
  pill.addEventListener('click', toBottom);
  byId('earlier').addEventListener('click', loadEarlier);
}

function explain(id, message) {
  const list = (store.chat && store.loaded.get(store.chat.key)) || [];
  const about = message || list.find((one) => one.id === id || one.trace === id) || null;
  showTrace(id, about);
}

function onScroll() {
  sticking = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  if (sticking) setUnseen(0);
}

export function toBottom() {
  sticking = true;
  scroller.scrollTop = scroller.scrollHeight;
  setUnseen(0);
}

function setUnseen(count) {
  unseen = count;
  pill.hidden = count === 0;
  pill.textContent = `${count} 条新消息 ↓`;
}

/** Head line, an empty log, then the messages. */
export async function openConversation() {
  const chat = store.chat;
  rows.clear();
  log.replaceChildren();
  setUnseen(0);
  drawHead(chat);
  draw();
  toBottom();
  await reload();
}

export function drawHead(chat) {
  const group = chat.kind === 'group';
  byId('title').textContent = group ? `${chat.name}（${chat.members}）` : chat.name;
  byId('subtitle').textContent = group
    ? `${LISTENING[chat.listen] || chat.listen_name}·${chat.area_name}`
    : `${store.speaker.name}和${store.community.bot}单独说话`;
  document.title = `${chat.name} · 群聊模拟器`;
}

/** Ask the server for the open chat's messages again. */
export async function reload() {
  const key = store.chat && store.chat.key;
  if (!key) return;
  scroller.setAttribute('aria-busy', 'true');
  try {
    const limit = limits.get(key) || PAGE;
    const { messages } = await getMessages(key, limit);
    setMessages(key, messages);
    if (store.chat && store.chat.key === key) showLoaded(messages.length >= limit);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (store.chat && store.chat.key === key) showFailure(error);
  } finally {
    scroller.removeAttribute('aria-busy');
  }
}

function showLoaded(more) {
  byId('earlier').hidden = !more;
  const stick = sticking;
  draw();
  drawExamples();
  if (stick) toBottom();
}

async function loadEarlier() {
  const key = store.chat.key;
  const before = (store.loaded.get(key) || []).length;
  const fromEnd = scroller.scrollHeight - scroller.scrollTop;
  limits.set(key, (limits.get(key) || PAGE) + PAGE);
  sticking = false;
  await reload();
  scroller.scrollTop = scroller.scrollHeight - fromEnd;
  if ((store.loaded.get(key) || []).length === before) byId('earlier').hidden = true;
}

function showFailure(error) {
  if (store.loaded.has(store.chat.key)) return;
  showEmpty(el('p', {}, error.status ? error.message : SAY.unreadable),
    button(SAY.again, { class: 'plain' }, reload));
}

function showEmpty(...content) {
  byId('empty').replaceChildren(el('span', { class: 'mark', 'aria-hidden': 'true' }), ...content);
  byId('empty').hidden = false;
}

function drawEmpty(list) {
  if (!list) return showEmpty(el('p', {}, SAY.loading));
  byId('empty').hidden = list.length > 0;
  if (list.length) return undefined;
  const offered = !byId('examples').hidden; // just below, no need to say them twice
  const { key } = store.chat;
  const chips = offered ? []
    : examplesFor(store.speaker.role, lastBuilding(key), lastAppeal(key)).slice(0, 3)
      .map((text) => button(text, { class: 'chip' }, () => hooks.suggest(text)));
  const step = offered ? '点下面的例句就能试。' : '先说一句试试：';
  return showEmpty(el('p', {}, `${ABOUT[store.chat.kind]}${step}`),
    el('div', { class: 'chips' }, ...chips));
}

/** Bring the log in line with the store; only rows that changed are touched. */
export function draw() {
  const list = store.chat && store.loaded.get(store.chat.key);
  drawEmpty(list);
  const selected = shownId();
  const alive = new Set((list || []).map((message) => message.id));
  for (const [id, row] of rows) if (!alive.has(id)) { row.node.remove(); rows.delete(id); }
  let previous = null;
  (list || []).forEach((message, index) => {
    const node = rowFor(message, list[index - 1], selected);
    const expected = previous ? previous.nextSibling : log.firstChild;
    if (node !== expected) log.insertBefore(node, expected);
    previous = node;
  });
}

function rowFor(message, before, selected) {
  const sign = signature(message, before, selected);
  const row = rows.get(message.id);
  if (row && row.sign === sign) return row.node;
  const node = messageRow(message, before, selected, hooks);
  if (row) exchange(row.node, node);
  rows.set(message.id, { node, sign });
  return node;
}

function exchange(old, node) {
  const focused = old.contains(document.activeElement);
  old.replaceWith(node);
  const again = focused && node.querySelector('button');
  if (again) again.focus();
}

/** A message of the open chat has been merged into the store. */
export function noticeMessage(message, added) {
  const stick = sticking || (added && isOwn(message));
  draw();
  drawExamples();
  if (stick) toBottom();
  else if (added) setUnseen(unseen + 1);
  if (added && !isOwn(message)) {
    byId('live').textContent = `${message.name}：${message.text.slice(0, 200)}`;
  }
}
