// One message as one list item: time line, face, name, bubble, and what came of it.

import { avatar, botAvatar, button, el, roleTag, state } from './dom.js';
import { store } from './store.js';
import { apart, isRecent, stamp } from './time.js';
import { OUTCOMES, SAY } from './words.js';

const CAPTIONS = { notice: '通知', alert: '提醒' };
const FRESH = 120_000;

export const isOwn = (message) =>
  !message.bot && Boolean(store.speaker) && message.from === store.speaker.user;

const traceOf = (message) => (message.bot ? message.cause : message.trace || message.id);

/** Changes exactly when the row has to be drawn again. */
export function signature(message, before, selected) {
  return JSON.stringify([message.text, message.outcome, message.trace, message.sending,
    message.unsent, isOwn(message), apart(before && before.at, message.at), stamp(message.at),
    Boolean(selected) && selected === traceOf(message)]);
}

/** `hooks`: explain(id, message), resend(message). */
export function messageRow(message, before, selected, hooks) {
  const sides = message.bot ? 'bot' : isOwn(message) ? 'own' : 'other';
  const marked = selected && !message.bot && selected === traceOf(message);
  const line = apart(before && before.at, message.at) ? stamp(message.at) : '';
  return el('li', { 'data-id': message.id },
    line ? el('p', { class: 'clock' }, el('time', { datetime: message.at }, line)) : null,
    el('div', { class: `message ${sides}${marked ? ' marked' : ''}` },
      message.bot ? botAvatar(store.chat.kind) : avatar(message.name, message.from),
      el('div', { class: 'stack' }, nameLine(message), bubble(message, hooks),
        foot(message, hooks))));
}

function nameLine(message) {
  // As in WeChat: one's own name, and names where only two talk, go without saying.
  if (!store.chat || store.chat.kind !== 'group' || isOwn(message)) {
    return el('p', { class: 'hidden' }, `${message.name}：`);
  }
  return el('p', { class: 'name' }, el('span', {}, message.name),
    roleTag(message.name, message.bot ? '机器人' : message.role_name));
}

// A tap on the words explains them too; the keyboard has the button below for that.
function onTap(message, hooks) {
  const id = traceOf(message);
  if (!id || message.sending || message.unsent) return {};
  return { click: () => {
    if (String(getSelection())) return; // the words are being copied
    hooks.explain(id, message.bot ? null : message);
  } };
}

function bubble(message, hooks) {
  const caption = message.bot && CAPTIONS[message.kind];
  const at = `@${store.community.bot}`;
  const called = message.mention && !message.text.startsWith('@') ? `${at} ` : '';
  return el('div', { class: `bubble ${caption ? message.kind : ''}`.trim(),
    on: onTap(message, hooks) },
    caption ? el('span', { class: 'caption' }, caption) : null,
    message.picture ? el('img', { src: message.picture, alt: message.text, class: 'picture' })
      : el('p', {}, ...linked(called + (message.text || '[不是文字]'), message.bot)));
}

// Only what the bot says of its own pages may be followed; everything else stays words.
function linked(text, fromBot) {
  const start = fromBot ? text.indexOf(`${location.origin}/console/`) : -1;
  if (start < 0) return [text];
  const [address] = text.slice(start).split(/\s/, 1);
  const open = { click: (event) => event.stopPropagation() };
  const link = el('a', { href: address, target: '_blank', rel: 'noopener', on: open }, address);
  return [text.slice(0, start), link, text.slice(start + address.length)];
}

function foot(message, hooks) {
  if (message.unsent) {
    return button(state(SAY.resend, 'overdue'), { class: 'outcome' }, () => hooks.resend(message));
  }
  if (message.sending) return el('span', { class: 'outcome' }, state(SAY.sending, 'waiting'));
  return message.bot ? whyBot(message, hooks) : whyHuman(message, hooks);
}

// A message that was caused in this chat is explained there, under the cause itself.
function isInSight(id) {
  const list = (store.chat && store.loaded.get(store.chat.key)) || [];
  return list.some((one) => one.id === id || (one.trace && one.trace === id));
}

function whyBot(message, hooks) {
  if (!message.cause || isInSight(message.cause)) return null;
  return button('为什么发这条', { class: 'outcome' }, () => hooks.explain(message.cause, null));
}

function whyHuman(message, hooks) {
  const known = OUTCOMES[message.outcome];
  if (!known && !message.trace && !isRecent(message.at, FRESH)) return null;
  const [word, tone] = known || [SAY.working, 'working'];
  const line = button('', { class: 'outcome', 'aria-label': `${word}，看为什么` },
    () => hooks.explain(traceOf(message), message));
  line.append(state(word, tone));
  return line;
}
