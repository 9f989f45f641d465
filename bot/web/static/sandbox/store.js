// What the page knows. Nothing here touches the DOM.

const PREFIX = 'haitang.sandbox.';

export const store = {
  community: { bot: '海棠管家', people: [], chats: [] },
  speaker: null, // a person of the community
  chat: null, // the open chat, null on the phone's list screen
  loaded: new Map(), // chat key → messages, oldest first
  last: new Map(), // chat key → its newest message
  unread: new Map(), // chat key → count
  seen: new Set(), // ids of messages that have been here before
  drafts: new Map(), // chat key → text
  mentions: new Set(), // keys of chats in which the @ is on
};

export function remember(name, value) {
  try { localStorage.setItem(PREFIX + name, value); } catch { /* private browsing: forget */ }
}

export function recall(name) {
  try { return localStorage.getItem(PREFIX + name); } catch { return null; }
}

export const person = (user) => store.community.people.find((one) => one.user === user) || null;
const privateChat = (one) =>
  ({ key: `@${one.user}`, kind: 'private', name: store.community.bot, owner: one.user });
const wecomChat = (one) => ({ key: `wecom:${one.user}`, kind: 'wecom',
  name: '企业微信（模拟）', owner: one.user });
// Staff are known on one channel only, or they would be told everything twice.
const OVER_WECOM = new Set(['resident', 'volunteer']);

/** The chats that a person sees, groups first. */
export function chatsOf(one) {
  const groups = store.community.chats.filter((chat) => one.chats.includes(chat.key));
  const wecom = store.community.wecom && OVER_WECOM.has(one.role);
  const own = wecom ? [privateChat(one), wecomChat(one)] : [privateChat(one)];
  return [...groups, ...own];
}

/** The chat behind a key as `one` sees it, null when it is not theirs. */
export const chatFor = (one, key) => chatsOf(one).find((chat) => chat.key === key) || null;

/** Somebody who can open the chat `key`: the speaker if possible. */
export function memberOf(key) {
  const people = [store.speaker, ...store.community.people].filter(Boolean);
  return people.find((one) => chatFor(one, key)) || null;
}

/** The same kind of chat for another person, or their first group. */
export function counterpart(one, chat) {
  if (chat && chat.kind === 'private') return `@${one.user}`;
  if (chat && chat.kind === 'wecom') {
    return OVER_WECOM.has(one.role) ? `wecom:${one.user}` : `@${one.user}`;
  }
  return chat && one.chats.includes(chat.key) ? chat.key : chatsOf(one)[0].key;
}

const BUILDING = /(\d{1,3})[幢栋]/;
const RECORDED = /登记了? ?(\d{1,4})号|（(\d{1,4})号）|^(\d{1,4})号 .*（/m;
const CLOSED = /(\d{1,4})号(?:已办好|已撤回)/;
const newestFirst = (key) => [...(store.loaded.get(key) || [])].reverse();

/** The building that was last spoken of, so that examples fit the chat. */
export function lastBuilding(key) {
  const one = newestFirst(key).find(({ text }) => BUILDING.test(text));
  return one ? BUILDING.exec(one.text)[1] : '3';
}

/** The short number of the newest appeal that the chat knows to be open. */
export function lastAppeal(key) {
  const closed = new Set();
  for (const { bot, text } of newestFirst(key)) {
    const [, over] = (bot && CLOSED.exec(text)) || [];
    if (over) closed.add(over);
    const number = ((bot && RECORDED.exec(text)) || []).slice(1).find(Boolean);
    if (number && !closed.has(number)) return number;
  }
  return '1';
}

/** Unread private messages of a person. */
export const waitingFor = (one) =>
  (store.unread.get(`@${one.user}`) || 0) + (store.unread.get(`wecom:${one.user}`) || 0);

// A message that the server has not confirmed yet; its id is this page's own.
const isLocal = (message) => Boolean(message.sending || message.unsent);

/**
 * Put a message where it belongs. The server's ids sort by the moment they were made, so a reply
 * never stands above its question, in whatever order the two arrive; local messages stay put.
 */
function insert(list, message) {
  let at = list.length;
  if (!isLocal(message)) {
    while (at > 0 && !isLocal(list[at - 1]) && list[at - 1].id > message.id) at -= 1;
  }
  list.splice(at, 0, message);
}

/** Exchange the message at `at`; it moves when its id has changed. */
function exchange(list, at, message) {
  if (list[at].id === message.id) { list[at] = message; return; }
  list.splice(at, 1);
  insert(list, message);
}

/** Replace a chat's messages by what the server says; unsent and later ones stay. */
export function setMessages(key, fresh) {
  const known = new Set(fresh.map((message) => message.id));
  const before = new Map((store.loaded.get(key) || []).map((message) => [message.id, message]));
  const end = fresh.length ? fresh[fresh.length - 1].id : '';
  const kept = (store.loaded.get(key) || []).filter((message) => !known.has(message.id)
    && (isLocal(message) || message.id > end));
  const all = fresh.map((message) => withMention(before.get(message.id), message))
    .concat(kept.filter((message) => !adopts(fresh, message)));
  store.loaded.set(key, all);
  for (const id of known) store.seen.add(id);
  if (all.length) store.last.set(key, all[all.length - 1]);
}

// The @ was this page's doing; a server that does not repeat it must not make it vanish.
const withMention = (mine, message) =>
  (mine && mine.mention ? { mention: true, ...message } : message);

const sameWords = (a, b) => a.from === b.from && a.text.trim() === b.text.trim();
const adopts = (fresh, mine) => mine.sending
  && fresh.slice(-5).some((message) => !message.bot && sameWords(message, mine));

/** Put one message in its place. Returns true when it had not been there. */
export function merge(message) {
  const list = store.loaded.get(message.chat);
  const added = !store.seen.has(message.id);
  store.seen.add(message.id);
  const last = store.last.get(message.chat);
  if (!last || isLocal(last) || last.id <= message.id || isLocal(message)) {
    store.last.set(message.chat, message);
  }
  if (!list) return added;
  const at = list.findIndex((one) => one.id === message.id);
  if (at >= 0) { list[at] = { ...list[at], ...message }; return false; }
  const mine = message.bot ? -1 : list.findIndex((one) => one.sending && sameWords(one, message));
  if (mine >= 0) { exchange(list, mine, withMention(list[mine], message)); return false; }
  insert(list, message);
  return true;
}

/** The local copy `id` is known to the server as `serverId`. */
export function confirmSent(key, id, serverId) {
  const list = store.loaded.get(key) || [];
  const mine = list.findIndex((one) => one.id === id);
  if (mine < 0) return;
  if (list.some((one) => one.id === serverId && one !== list[mine])) list.splice(mine, 1);
  else exchange(list, mine, { ...list[mine], id: serverId, sending: false, unsent: false });
}

/** The server was not reached. It may still have taken the message: then nothing is left here. */
export function markUnsent(key, id) {
  const list = store.loaded.get(key) || [];
  const mine = list.findIndex((one) => one.id === id);
  if (mine >= 0) list[mine] = { ...list[mine], sending: false, unsent: true };
}

/** Take back a message that the server refused. */
export function drop(key, id) {
  const rest = (store.loaded.get(key) || []).filter((one) => one.id !== id);
  store.loaded.set(key, rest);
  if (rest.length) store.last.set(key, rest[rest.length - 1]);
  else store.last.delete(key);
}
