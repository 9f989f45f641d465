// Times as a chat shows them, always in Asia/Shanghai whatever the computer thinks.

const ZONE = 'Asia/Shanghai';
const DAY = 86_400_000;
const GAP = 5 * 60_000;
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});

function read(moment) {
  const found = {};
  for (const part of parts.formatToParts(moment)) found[part.type] = part.value;
  const { year, month, day, hour, minute } = found;
  return { year, month: Number(month), day: Number(day), clock: `${hour}:${minute}`,
    midnight: Date.UTC(year, month - 1, day) };
}

/** [day word or '', clock] of an ISO time, both '' when it cannot be read. */
function split(iso) {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return ['', ''];
  const then = read(moment);
  const now = read(new Date());
  const days = Math.round((now.midnight - then.midnight) / DAY);
  const date = `${then.month}月${then.day}日`;
  if (days === 0) return ['', then.clock];
  if (days === 1) return ['昨天', then.clock];
  if (days > 1 && days < 7) return [WEEKDAYS[new Date(then.midnight).getUTCDay()], then.clock];
  return [then.year === now.year ? date : `${then.year}年${date}`, then.clock];
}

/** For the centred line between messages: `昨天 09:05`. */
export function stamp(iso) {
  return split(iso).filter(Boolean).join(' ');
}

/** For the chat list: the clock today, the day otherwise. */
export function brief(iso) {
  const [day, clock] = split(iso);
  return day || clock;
}

/** Whether a time line belongs between two messages. */
export function apart(before, after) {
  return !before || new Date(after) - new Date(before) > GAP;
}

export const isRecent = (iso, milliseconds) => Date.now() - new Date(iso) < milliseconds;
