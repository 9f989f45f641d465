// The platform's own Node client as a bot: it answers, pushes, uploads and downloads.
// Arguments: address, bot id, secret. Prints one JSON object a line.

import { createHash } from 'node:crypto';
import { WSClient } from '@wecom/aibot-node-sdk';

const [wsUrl, botId, secret] = process.argv.slice(2);
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));
const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const client = new WSClient({ wsUrl, botId, secret, logger, reconnectInterval: 50 });

client.on('authenticated', () => tell('authenticated'));
client.on('disconnected', (reason) => tell('disconnected', { reason }));
client.on('error', (error) => tell('error', { message: String(error.message) }));

client.on('message.text', async (frame) => {
  const { chatid, text } = frame.body;
  await client.replyStream(frame, 'stream-1', `听到：${text.content}`, true);
  await client.sendMessage(chatid, { msgtype: 'markdown', markdown: { content: '主动说一句' } });
  tell('answered');
});

client.on('message.image', async (frame) => {
  const { url, aeskey } = frame.body.image;
  const { buffer, filename } = await client.downloadFile(url, aeskey);
  tell('downloaded', { sha256: createHash('sha256').update(buffer).digest('hex'), filename });
  const data = Buffer.alloc(1_300_000, 7);
  const { media_id: mediaId } = await client.uploadMedia(data, { type: 'file', filename: '月报.pdf' });
  await client.replyMedia(frame, 'file', mediaId);
  tell('uploaded', { mediaId });
});

client.on('event.enter_chat', async (frame) => {
  await client.replyWelcome(frame, { msgtype: 'text', text: { content: '您好' } });
  tell('welcomed');
});

client.connect();
