// Where the speaker writes: text, the @ switch, and sentences worth trying.

import { ApiError, freshId, say } from './api.js';
import { button, byId, el, toast } from './dom.js';
import { confirmSent, drop, lastAppeal, lastBuilding, markUnsent, merge, recall, remember, store }
  from './store.js';
import { examplesFor } from './words.js';

const text = byId('text');
const finger = matchMedia('(pointer: coarse)');
let hooks = {};

/** `given`: added(message), changed(), sent(chat key, message id). */
export function startComposer(given) {
  hooks = given;
  text.addEventListener('input', onInput);
  text.addEventListener('keydown', onKey);
  byId('composer').addEventListener('submit', (event) => { event.preventDefault(); send(); });
  byId('mention').addEventListener('click', toggleMention);
  byId('try').addEventListener('click', () => showExamples(byId('examples').hidden));
  byId('examples').addEventListener('wheel', onWheel, { passive: false });
  byId('photo').addEventListener('change', sendPhoto);
  byId('skip').addEventListener('click', () => text.focus());
}

function onInput() {
  byId('grow').dataset.text = text.value;
  byId('send').disabled = text.value.trim() === '';
  if (store.chat) store.drafts.set(store.chat.key, text.value);
}

function onKey(event) {
  // While an input method is composing, Enter only picks a word.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  send();
}

/** A mouse wheel turns the one row of examples sideways. */
function onWheel(event) {
  const box = byId('examples');
  if (box.scrollWidth <= box.clientWidth || event.shiftKey || event.deltaX) return;
  event.preventDefault();
  box.scrollLeft += event.deltaY;
}

function toggleMention() {
  const key = store.chat.key;
  if (!store.mentions.delete(key)) store.mentions.add(key);
  drawMention();
  focusText();
}

function drawMention() {
  const at = byId('mention');
  const on = store.mentions.has(store.chat.key);
  at.hidden = store.chat.kind !== 'group';
  byId('photo-label').hidden = store.chat.key.includes(':'); // the stand-in for WeCom takes words only
  at.setAttribute('aria-pressed', String(on));
  at.replaceChildren(`@${store.community.bot}`, el('span', { class: 'switch' }, on ? '开' : '关'));
  text.placeholder = placeholder(on);
}

function placeholder(on) {
  if (store.chat.kind !== 'group') return `${store.speaker.name}对${store.community.bot}说…`;
  if (store.chat.listen === 'mention' && !on) return '这个群要 @ 了才会回';
  return `${store.speaker.name}在群里说…`;
}

function showExamples(open) {
  byId('examples').hidden = !open;
  byId('try').setAttribute('aria-expanded', String(open));
  byId('try').textContent = open ? '收起' : '试一试';
  remember('examples', open ? 'open' : 'closed');
}

/** Sentences to try; they follow what was last spoken of. */
export function drawExamples() {
  const { key } = store.chat;
  const sentences = examplesFor(store.speaker.role, lastBuilding(key), lastAppeal(key));
  const sign = sentences.join('\n');
  const box = byId('examples');
  if (box.dataset.sign === sign) return;
  box.dataset.sign = sign;
  box.replaceChildren(...sentences.map((example) =>
    button(example, { class: 'chip' }, () => suggest(example))));
}

/** Draw everything that depends on the chat or on the speaker. */
export function drawComposer() {
  drawExamples();
  showExamples(recall('examples') !== 'closed');
  text.value = store.drafts.get(store.chat.key) || '';
  onInput();
  drawMention();
}

/** On a phone the keyboard stays down until somebody taps the field. */
export function focusText() {
  if (!finger.matches) text.focus();
}

/** An example goes into the field, with the @ where the bot needs it. */
export function suggest(example) {
  if (store.chat.listen === 'mention') store.mentions.add(store.chat.key);
  drawMention();
  fill(example);
}

function fill(words) {
  text.value = words;
  onInput();
  text.focus();
}

/** A picture goes with the words that stand in the field, or alone. */
async function sendPhoto() {
  const field = byId('photo');
  const [file] = field.files;
  field.value = '';
  if (!file || !store.chat) return;
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(String(reader.result)));
    reader.readAsDataURL(file);
  });
  send({ name: file.name, data: url.slice(url.indexOf(',') + 1) });
}

function send(picture = null) {
  const words = text.value.trim() || (picture ? '[图片]' : '');
  if (!words || !store.chat) return;
  const { chat, speaker, community } = store;
  const mention = chat.kind === 'group'
    && (store.mentions.has(chat.key) || words.includes(`@${community.bot}`));
  const message = { id: freshId(), chat: chat.key, at: new Date().toISOString(),
    from: speaker.user, name: speaker.name, role_name: speaker.role_name, bot: false,
    text: words, kind: 'text', trace: '', outcome: '', mention, sending: true, picture };
  text.value = '';
  onInput();
  if (!store.loaded.has(chat.key)) store.loaded.set(chat.key, []);
  merge(message);
  hooks.added(message);
  deliver(message);
}

/** Send once more under the same id: the server does nothing twice. */
export function resend(message) {
  const again = { ...message, unsent: false, sending: true };
  merge(again);
  hooks.changed();
  deliver(again);
}

async function deliver(message) {
  const { id, chat, from, text: words, mention, picture } = message;
  try {
    const answer = await say({ who: from, chat, text: words, mention, id, picture });
    confirmSent(chat, id, answer.id);
    hooks.sent(chat, answer.id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    giveBack(message, error);
  }
  hooks.changed();
}

/** A refused text goes back into the field; an unreachable server offers to try again. */
function giveBack(message, error) {
  const refused = error.status >= 400 && error.status < 500;
  if (!refused) { markUnsent(message.chat, message.id); return; }
  toast(error.message);
  drop(message.chat, message.id);
  const here = store.chat && store.chat.key === message.chat;
  if (here && text.value === '') fill(message.text);
}
