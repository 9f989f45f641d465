// The plugin's whole webhook handler behind a plain HTTP server on loopback.
// Arguments: token, key, bot id. Prints its port. OpenClaw itself is not there: `openclaw.mjs`
// stands in for the three names that are imported from it.

import { createServer } from 'node:http';
import { handleWecomWebhookRequest }
  from './node_modules/@wecom/wecom-openclaw-plugin/dist/src/webhook/handler.js';
import { registerWecomWebhookTarget }
  from './node_modules/@wecom/wecom-openclaw-plugin/dist/src/webhook/target.js';

const [token, encodingAESKey, botId] = process.argv.slice(2);
const tell = console.log;
console.log = () => {};
registerWecomWebhookTarget({
  account: { accountId: 'main', token, encodingAESKey, receiveId: '', botId, config: {},
    welcomeText: '欢迎' },
  config: {},
  runtime: { log: () => {}, error: () => {} },
}, ['/wecom/main']);

const server = createServer(async (request, response) => {
  if (!await handleWecomWebhookRequest(request, response)) response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => tell(server.address().port));
