// The page: who speaks, which chat is open (it is in the address after #), and what arrives.

import { ApiError, follow, getCommunity, getMessages } from './api.js';
import { isOwn } from './bubbles.js';
import { drawChats } from './chats.js';
import { drawComposer, focusText, resend, startComposer, suggest } from './composer.js';
import { draw, noticeMessage, openConversation, reload, startConversation }
  from './conversation.js';
import { button, byId, el, toast } from './dom.js';
import { drawSpeaker, openPeople } from './people.js';
import { closeSheet } from './sheet.js';
import { chatFor, chatsOf, counterpart, memberOf, merge, person, recall, remember, store }
  from './store.js';
import { clearTrace, refreshTrace, shownId, watchTrace } from './trace.js';
import { SAY } from './words.js';

const wide = matchMedia('(min-width: 760px)');
const low = matchMedia('(max-height: 700px)');
const LATER = [1500, 5000]; // look again for an outcome whose push was missed
const MISSED = 50; // so many messages of a chat are looked through after a break
let cameFromList = false;
let online = true;

const keyInAddress = () => {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ''; }
};
const addressOf = (key) =>
  (key ? `#${encodeURIComponent(key)}` : location.pathname + location.search);

/** Make the page show what the address says. */
function route() {
  const key = keyInAddress();
  const speaker = key ? memberOf(key) : null;
  if (speaker) return open(speaker, key);
  if (key || wide.matches) {
    history.replaceState(null, '', addressOf(wide.matches ? chatsOf(store.speaker)[0].key : ''));
    if (wide.matches) return route();
  }
  return showList();
}

function showList() {
  store.chat = null;
  cameFromList = false;
  byId('app').dataset.screen = 'list';
  document.title = '群聊模拟器 · 海棠管家';
  drawSpeaker();
  drawChats();
}

function open(speaker, key) {
  const moved = !store.chat || store.chat.key !== key;
  if (store.speaker.user !== speaker.user) setSpeaker(speaker);
  store.chat = chatFor(speaker, key);
  store.unread.delete(key);
  byId('app').dataset.screen = 'chat';
  drawSpeaker();
  drawChats();
  drawComposer();
  if (moved && shownId()) clearTrace();
  openConversation();
  focusText();
}

function setSpeaker(one) {
  store.speaker = one;
  remember('speaker', one.user);
  fetchLastLines();
}

/** Somebody else speaks now, in the same chat if they are in it. */
function choose(one) {
  const key = store.chat ? counterpart(one, store.chat) : '';
  setSpeaker(one);
  if (!store.chat) return showList();
  if (key === store.chat.key) return open(one, key);
  history.replaceState(null, '', addressOf(key));
  return route();
}

/** The list shows a last line before a chat has ever been opened. */
async function fetchLastLines() {
  const missing = chatsOf(store.speaker).filter((chat) => !store.last.has(chat.key));
  await Promise.all(missing.map(async ({ key }) => {
    const { messages } = await getMessages(key, 1).catch(() => ({ messages: [] }));
    if (messages.length && !store.last.has(key)) store.last.set(key, messages[0]);
  }));
  drawChats();
}

/** What was said while the line was down: in the open chat, and unread in the others. */
async function catchUp() {
  reload();
  fetchLastLines();
  const others = chatsOf(store.speaker)
    .filter(({ key }) => store.last.has(key) && !(store.chat && store.chat.key === key));
  await Promise.all(others.map(async ({ key }) => {
    const { messages } = await getMessages(key, MISSED).catch(() => ({ messages: [] }));
    const known = store.last.get(key).id;
    for (const message of messages) if (message.id > known) receive(message);
  }));
}

function receive(message) {
  const added = merge(message);
  const here = Boolean(store.chat) && store.chat.key === message.chat;
  if (here) noticeMessage(message, added);
  else if (added && !isOwn(message)) {
    store.unread.set(message.chat, (store.unread.get(message.chat) || 0) + 1);
    drawSpeaker();
  }
  drawChats();
  if (!message.bot) refreshTrace(message);
}

function lookAgain(key, id) {
  for (const pause of LATER) {
    setTimeout(() => {
      const mine = (store.loaded.get(key) || []).find((one) => one.id === id);
      const open = mine && (!mine.outcome || mine.outcome === 'queued');
      if (open && store.chat && store.chat.key === key) reload();
    }, pause);
  }
}

function onOnline(flag) {
  byId('banner').hidden = flag;
  byId('banner').textContent = flag ? '' : SAY.offline;
  if (flag && !online) toast(SAY.back);
  online = flag;
}

function goBack() {
  if (cameFromList) return history.back();
  history.replaceState(null, '', addressOf(''));
  return showList();
}

function setLarge(on) {
  document.documentElement.classList.toggle('large', on);
  remember('large', on ? '1' : '0');
  for (const toggle of document.querySelectorAll('[data-large]')) {
    toggle.textContent = on ? '标准版' : '长辈版';
  }
  fitExamples();
}

/** Where room is dear, the examples stand in one row that scrolls. */
function fitExamples() {
  const dear = !wide.matches || low.matches
    || document.documentElement.classList.contains('large');
  byId('examples').parentElement.classList.toggle('one-row', dear);
}

function listenToPage() {
  window.addEventListener('hashchange', () => { closeSheet(); route(); });
  wide.addEventListener('change', () => { fitExamples(); route(); });
  low.addEventListener('change', fitExamples);
  byId('chats').addEventListener('click', (event) => {
    if (event.target.closest('a')) cameFromList = !wide.matches;
  });
  byId('back').addEventListener('click', goBack);
  for (const id of ['me', 'who']) byId(id).addEventListener('click', () => openPeople(choose));
  for (const toggle of document.querySelectorAll('[data-large]')) {
    toggle.addEventListener('click', () =>
      setLarge(!document.documentElement.classList.contains('large')));
  }
}

function startParts() {
  watchTrace(draw);
  startConversation({ resend, suggest });
  startComposer({
    added: (message) => { noticeMessage(message, true); drawChats(); },
    changed: () => { draw(); drawChats(); },
    sent: lookAgain,
  });
}

function showNobody(text, label, action) {
  byId('app').dataset.screen = 'chat';
  byId('composer').hidden = true;
  byId('back').hidden = true;
  byId('title').textContent = '群聊模拟器';
  byId('empty').hidden = false;
  byId('empty').replaceChildren(el('span', { class: 'mark', 'aria-hidden': 'true' }),
    el('p', {}, text), button(label, { class: 'plain' }, action));
}

async function start() {
  setLarge(recall('large') === '1');
  try {
    store.community = await getCommunity();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return showNobody(error.status ? error.message : '连不上服务，请确认它已启动。', SAY.again,
      () => location.reload());
  }
  if (!store.community.people.length) {
    return showNobody('这个社区还没有居民，请先在配置里加上人和群。', '加好了，刷新',
      () => location.reload());
  }
  for (const way of document.querySelectorAll('[data-console]')) way.hidden = !store.community.console;
  store.speaker = person(recall('speaker')) || store.community.people[0];
  startParts();
  listenToPage();
  fetchLastLines();
  route();
  return follow({ onMessage: receive, onOnline, onGap: catchUp });
}

start();
