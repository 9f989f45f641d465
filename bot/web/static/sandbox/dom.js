// Small helpers over the DOM. Words of people only ever enter through text nodes.

export const byId = (id) => document.getElementById(id);

/** An element. `attributes`: class names, `on` (listeners), booleans, plain attributes. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'on') listen(node, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function listen(node, handlers) {
  for (const [event, handler] of Object.entries(handlers)) node.addEventListener(event, handler);
}

/** A button that never submits a form by accident. */
export function button(label, attributes, onClick) {
  return el('button', { type: 'button', ...attributes, on: { click: onClick } }, label);
}

const SHADES = 7;

function shadeOf(key) {
  let sum = 0;
  for (const character of key) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return sum % SHADES;
}

/** A rounded square with the first character of a name, coloured by a stable key. */
export function avatar(name, key) {
  const first = [...name][0] || '·';
  const shade = `avatar shade-${shadeOf(key || name)}`;
  return el('span', { class: shade, 'aria-hidden': 'true' }, first);
}

/** The bot's own face: the begonia. `kind` gives it the colour of another way to talk to it. */
export function botAvatar(kind = '') {
  return el('span', { class: `avatar bot ${kind}`.trim(), 'aria-hidden': 'true' },
    el('span', { class: 'mark' }));
}

/** A group's face: the bot's and those of three members, as in WeChat. */
export function groupAvatar(members) {
  const face = (one) => avatar(one.name, one.user);
  return el('span', { class: 'avatar mosaic', 'aria-hidden': 'true' },
    ...members.slice(0, 3).map(face), botAvatar());
}

/** The role beside a name, unless the name already says it. */
export const roleTag = (name, role) =>
  (role && !name.includes(role) ? el('span', { class: 'role' }, role) : null);

/** A word with a dot; the dot's colour repeats what the word says. */
export function state(word, tone) {
  return el('span', { class: `state ${tone}` }, el('i', { 'aria-hidden': 'true' }), word);
}

export const badge = (count, what = '条未读') =>
  count ? el('span', { class: 'badge' }, count > 99 ? '99+' : String(count),
    el('span', { class: 'hidden' }, what)) : null;

let toastTimer = 0;

/** A short sentence at the foot of the screen; it goes away by itself. */
export function toast(text) {
  const node = byId('toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 5000);
}
