// Preloaded: answers `openclaw/…` with the few names that the plugin imports from it.

import { register } from 'node:module';

const names = `
export const DEFAULT_ACCOUNT_ID = 'default';
export const normalizeAccountId = (id) => id;
export const createPluginRuntimeStore = () => ({
  setRuntime() {}, getRuntime() { throw new Error('no runtime'); }, tryGetRuntime() { return null; },
});
`;
const stub = `data:text/javascript,${encodeURIComponent(names)}`;
const hooks = `
export async function resolve(name, context, next) {
  return name.startsWith('openclaw/')
    ? { url: ${JSON.stringify(stub)}, shortCircuit: true } : next(name, context);
}
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
