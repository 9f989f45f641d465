// The server: three reads, one write, one stream. Errors come out as one Chinese sentence.

import { SAY } from './words.js';

const BASE = new URL('../api/', import.meta.url);
const PATIENCE = 15_000;
const SILENCE = 90_000;
const NAP = 10_000;

export class ApiError extends Error {
  /** `status` 0: the server was not reached, so the same request may be sent again. */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function request(path, options = {}) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const answer = await fetch(new URL(path, BASE), {
      credentials: 'same-origin', cache: 'no-store', signal: control.signal, ...options });
    return await unpack(answer);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(error.name === 'AbortError' ? SAY.slow : SAY.offline, 0);
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(answer) {
  const body = await answer.json().catch(() => null);
  if (answer.ok && body) return body;
  throw new ApiError((body && body.error) || sentenceFor(answer.status), answer.status);
}

function sentenceFor(status) {
  if (status === 401 || status === 403) return SAY.login;
  return status === 404 ? SAY.missing : SAY.broken;
}

const query = (values) => new URLSearchParams(values).toString();

export const getCommunity = () => request('community');
export const getMessages = (chat, limit) => request(`messages?${query({ chat, limit })}`);
export const getTrace = (message) => request(`trace?${query({ message })}`);
export const say = (body) => request('say', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Haitang-Sandbox': '1' },
  body: JSON.stringify(body),
});

/** A random id. `crypto.randomUUID` is missing on plain http in a local network. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Keep the event stream open as long as somebody looks. A page in the background lets go of it
 * after a while: a browser grants six lines to one address, and a tab for each person is soon made.
 * `onMessage(message)` for each message; `onOnline(flag)` when the line breaks or is there;
 * `onGap()` when it is there again and messages may have been missed.
 */
export function follow({ onMessage, onOnline, onGap }) {
  let source = null;
  let heard = Date.now();
  let attempts = 0;
  let timer = 0;
  let nap = 0;
  let opened = false;

  const mark = () => { heard = Date.now(); };

  function open() {
    clearTimeout(timer);
    if (source) source.close();
    mark();
    source = new EventSource(new URL('events', BASE));
    source.addEventListener('open', () => {
      attempts = 0;
      mark();
      onOnline(true);
      if (opened) onGap();
      opened = true;
    });
    source.addEventListener('ping', mark);
    source.addEventListener('message', (event) => { mark(); deliver(event.data, onMessage); });
    source.addEventListener('error', () => { onOnline(false); later(); });
  }

  // The browser's own retry gives up on some errors, so the line is always dialled anew.
  function later() {
    source.close();
    attempts += 1;
    timer = setTimeout(open, Math.min(1000 * 2 ** (attempts - 1), 15_000));
  }

  function rest() {
    clearTimeout(timer);
    source.close();
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(nap);
    if (document.hidden) nap = setTimeout(rest, NAP);
    else if (source.readyState === EventSource.CLOSED || Date.now() - heard > SILENCE) open();
  });
  window.addEventListener('online', open);
  open();
}

function deliver(data, onMessage) {
  try {
    onMessage(JSON.parse(data));
  } catch (error) {
    console.error('一条推送没有读懂', error);
  }
}
