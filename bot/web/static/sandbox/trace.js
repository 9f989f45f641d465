// 为什么回 / 为什么没回: a third pane on a wide screen, a sheet elsewhere.

import { ApiError, getTrace } from './api.js';
import { button, byId, el, state } from './dom.js';
import { closeSheet, openSheet } from './sheet.js';
import { APPEAL_TONES, OUTCOMES, SAY, SENT_TONES, URGENCIES } from './words.js';

const TITLE = '为什么回 / 为什么没回';
const wide = matchMedia('(min-width: 1180px)');
let shown = null; // { id, message, outcome }
let onChange = () => {};

export const shownId = () => (shown ? shown.id : '');
export const watchTrace = (listener) => { onChange = listener; };

function hint() {
  return el('div', { class: 'empty' }, el('span', { class: 'mark', 'aria-hidden': 'true' }),
    el('p', {}, '点任何一条消息，这里会一步一步说明机器人为什么回、为什么没回。'));
}

function place(content) {
  if (!wide.matches) return openSheet(TITLE, content, () => { if (!wide.matches) forget(); });
  const close = button('收起', { class: 'quiet' }, clearTrace);
  const head = el('header', {}, el('h2', {}, TITLE), shown ? close : null);
  return byId('trace').replaceChildren(head, el('div', { class: 'body', tabindex: '0' }, content));
}

function forget() {
  shown = null;
  onChange();
}

/** Back to the empty pane. */
export function clearTrace() {
  forget();
  if (wide.matches) place(hint());
  else closeSheet();
}

/** `message` may be null when only its id is known. */
export async function showTrace(id, message) {
  shown = { id, message, outcome: message ? message.outcome : '' };
  onChange();
  place(el('p', { class: 'waiting' }, SAY.loading));
  try {
    const trace = await getTrace(id);
    if (shownId() === id) {
      place(picture(trace, message));
      byId('live').textContent = [trace.outcome_name, ...(trace.steps || [])].join('。');
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (shownId() === id) place(failure(error, id, message));
  }
}

/** A shown message got an outcome: tell its story again. */
export function refreshTrace(message) {
  const same = shown && (shown.id === message.id || shown.id === message.trace);
  if (same && shown.outcome !== message.outcome) showTrace(shown.id, message);
}

function failure(error, id, message) {
  const text = error.status === 404 ? '这条还没有记录，稍等一下再看。' : error.message;
  return el('div', { class: 'empty' }, el('p', {}, text),
    button(SAY.again, { class: 'plain' }, () => showTrace(id, message)));
}

function picture(trace, message) {
  const tone = (OUTCOMES[trace.outcome] || ['', 'still'])[1];
  const took = Number.isFinite(trace.took_ms) ? `用时 ${trace.took_ms} 毫秒` : '';
  const by = [trace.handler && `处理程序：${trace.handler}`, took].filter(Boolean).join('，');
  return el('div', { class: 'story' },
    el('p', { class: 'verdict' }, state(trace.outcome_name, tone)),
    message ? el('blockquote', {}, el('b', {}, message.name), el('p', {}, message.text)) : null,
    steps(trace.steps || []), appeal(trace.appeal), replies(trace),
    by ? el('p', { class: 'foot' }, by) : null);
}

function steps(list) {
  if (!list.length) return null;
  return el('section', {}, el('h3', {}, '怎么想的'),
    el('ol', { class: 'steps' }, ...list.map((step) => el('li', {}, step))));
}

function appeal(one) {
  if (!one) return null;
  const line = (name, value) => (value ? [el('dt', {}, name), el('dd', {}, value)] : []);
  const urgency = one.urgency ? `${one.urgency} ${URGENCIES[one.urgency] || ''}`.trim() : '';
  return el('section', {}, el('h3', {}, '诉求'), el('dl', { class: 'card' },
    ...line('编号', one.number),
    el('dt', {}, '状态'), el('dd', {}, state(one.state, APPEAL_TONES[one.state] || 'still')),
    ...line('类别', one.category), ...line('地点', one.place),
    ...line('期限', one.due), ...line('缓急', urgency)));
}

function replies({ outcome, replies: list = [] }) {
  if (!list.length && outcome === 'silent') return null; // the verdict has said it
  const none = el('p', { class: 'foot' }, '没有发出消息');
  const cards = list.map((one) => el('li', { class: 'card' },
    el('p', { class: 'to' }, el('b', {}, `发给 ${one.to}`),
      state(one.state_name, SENT_TONES[one.state] || 'still')),
    el('p', { class: 'said' }, one.text)));
  return el('section', {}, el('h3', {}, '发出的消息'),
    cards.length ? el('ul', { class: 'cards' }, ...cards) : none);
}

wide.addEventListener('change', () => {
  const kept = shown;
  closeSheet();
  byId('trace').replaceChildren();
  if (!wide.matches) forget();
  else if (kept) showTrace(kept.id, kept.message);
  else place(hint());
});
if (wide.matches) place(hint());
