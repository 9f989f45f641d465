// Every fixed sentence that more than one place needs, and the tables of names.

export const ROLES = [
  ['resident', '居民'],
  ['volunteer', '海棠先锋'],
  ['steward', '微网管家'],
  ['grid_worker', '网格员'],
  ['grid_lead', '网格长'],
  ['community', '社区工作人员'],
  ['street', '街道工作人员'],
];

// outcome of a human message → [word, tone]
export const OUTCOMES = {
  answered: ['已回', 'done'],
  acted: ['已办', 'done'],
  silent: ['没回', 'still'],
  failed: ['出错', 'overdue'],
  queued: ['处理中', 'working'],
};

export const LISTENING = {
  all: '机器人听每句话',
  commands: '机器人只听指令和 @',
  mention: '@ 机器人才回',
};

export const URGENCIES = { P0: '危急', P1: '当天', P2: '一般', P3: '建议' };

export const APPEAL_TONES = {
  待受理: 'waiting', 待补充: 'waiting', 办理中: 'working', 已办结: 'done', 已撤回: 'still',
};

export const SENT_TONES = {
  sent: 'done', queued: 'waiting', sending: 'working', failed: 'overdue', uncertain: 'waiting',
};

// Sentences worth trying, the most telling first. `building` and `number` are of the open chat.
const residents = (building) => [
  `${building}幢楼道灯不亮`, '路灯不亮', '抗原阳了要不要上报', '进度', '撤销', '天气真好', '帮助',
];
const volunteers = (building, number) => ['清单', `进度 ${number}`, ...residents(building)];
const workers = (building, number) => [
  '清单', `详情 ${number}`, `受理 ${number}`, `转 ${number} 物业`, `办结 ${number} 已处理好`,
  '撤销', '帮助',
];
const stewards = (building, number) =>
  [...workers(building, number), '发布 1分钟后 明天上午9点到11点停水'];
const EXAMPLES = { resident: residents, volunteer: volunteers, grid_worker: workers };

/** What a role may try in a chat where people speak of this building and this appeal. */
export const examplesFor = (role, building, number) =>
  (EXAMPLES[role] || stewards)(building, number);

export const SAY = {
  offline: '连不上服务，正在重连…',
  back: '已重新连上',
  slow: '服务没有回应，请稍等再试一次。',
  broken: '服务出错了，请稍后再试；还是不行就看一下服务日志。',
  login: '登录已过期，请回到后台重新登录。',
  missing: '服务里没有这个地址，请确认版本后刷新页面。',
  resend: '没发出去，点这里重发',
  sending: '发送中',
  working: '处理中',
  loading: '正在取消息…',
  unreadable: '消息没取到，请检查网络后再试。',
  again: '再试一次',
};
