// The plugin's own envelope: seals and opens JSON as the platform does.
// Arguments: seal|open, token, key, timestamp, nonce[, signature]; the text on standard input.

import { WecomCrypto } from '@wecom/aibot-node-sdk';

const [deed, token, key, timestamp, nonce, signature] = process.argv.slice(2);
const crypto = new WecomCrypto(token, key, '');
let text = '';
for await (const piece of process.stdin) text += piece;

if (deed === 'seal') {
  console.log(JSON.stringify(crypto.encrypt(text, timestamp, nonce)));
} else if (crypto.verifySignature(signature, timestamp, nonce, text)) {
  console.log(crypto.decrypt(text));
} else {
  process.exit(3);
}
