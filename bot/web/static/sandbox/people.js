// 谁在说话: the picker of the speaker, grouped by role.

import { avatar, badge, button, byId, el, roleTag } from './dom.js';
import { closeSheet, openSheet } from './sheet.js';
import { counterpart, store, waitingFor } from './store.js';
import { ROLES } from './words.js';

const MANY = 12;

/** What a choice does beyond changing the speaker, '' when it does nothing else. */
function consequence(one) {
  const chat = store.chat;
  if (!chat || chat.kind !== 'group' || one.chats.includes(chat.key)) return '';
  const key = counterpart(one, chat);
  const target = store.community.chats.find((other) => other.key === key);
  return `会转到${target ? target.name : `和${store.community.bot}的私聊`}`;
}

function row(one, choose) {
  const chosen = one.user === store.speaker.user;
  const note = [one.area_name, consequence(one)].filter(Boolean).join('，');
  const pick = () => { closeSheet(); choose(one); };
  const line = button('', { class: 'person', 'aria-pressed': String(chosen) }, pick);
  line.append(
    el('span', { class: 'face' }, avatar(one.name, one.user), badge(waitingFor(one))),
    el('span', { class: 'what' }, el('b', {}, one.name), el('span', { class: 'preview' }, note)),
    chosen ? el('span', { class: 'chosen' }, '正在说话') : '');
  return el('li', { 'data-words': `${one.name} ${one.role_name} ${note}` }, line);
}

/** Insiders of the open group first within each role. */
function section([role, title], choose) {
  const people = store.community.people.filter((one) => one.role === role)
    .sort((a, b) => Boolean(consequence(a)) - Boolean(consequence(b)));
  if (!people.length) return null;
  const heading = people[0].role_name || title;
  return el('section', {}, el('h3', {}, heading),
    el('ul', {}, ...people.map((one) => row(one, choose))));
}

function finder(body) {
  if (store.community.people.length <= MANY) return null;
  const narrow = (event) => {
    const words = event.target.value.trim();
    for (const item of body.querySelectorAll('li')) {
      item.hidden = !item.dataset.words.includes(words);
    }
    for (const part of body.querySelectorAll('section')) {
      part.hidden = !part.querySelector('li:not([hidden])');
    }
  };
  return el('input', { type: 'search', class: 'finder', placeholder: '按名字或片区找人',
    'aria-label': '按名字或片区找人', on: { input: narrow } });
}

export function openPeople(choose) {
  const body = el('div', { class: 'people' });
  const found = finder(body);
  const known = new Set(ROLES.map(([role]) => role));
  const others = [...new Set(store.community.people.map((one) => one.role))]
    .filter((role) => !known.has(role)).map((role) => [role, role]);
  const sections = [...ROLES, ...others].map((entry) => section(entry, choose)).filter(Boolean);
  body.append(...[found, ...sections].filter(Boolean));
  openSheet('谁在说话', body);
  const current = body.querySelector('[aria-pressed="true"]');
  if (current) { current.focus(); current.scrollIntoView({ block: 'nearest' }); }
}

/** The two buttons that show who is speaking. */
export function drawSpeaker() {
  const one = store.speaker;
  const elsewhere = store.community.people
    .filter((other) => other.user !== one.user)
    .reduce((sum, other) => sum + waitingFor(other), 0);
  byId('me').replaceChildren(
    avatar(one.name, one.user),
    el('span', { class: 'what' }, el('b', {}, one.name),
      el('span', { class: 'preview' }, `${one.role_name}·${one.area_name}`)),
    el('span', { class: 'swap' }, '换人', badge(elsewhere, '条别人的新私信')));
  const role = roleTag(one.name, one.role_name);
  byId('who').replaceChildren(...[el('b', {}, one.name), role].filter(Boolean));
  byId('who').setAttribute('aria-label', `正在说话：${one.name}，${one.role_name}，点按换人`);
  byId('who').classList.toggle('news', elsewhere > 0);
}
