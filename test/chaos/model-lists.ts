import type { ChaosSettings } from './options.js';

const owners = {
  vllm: 'vllm',
  sglang: 'sglang',
  'llama.cpp': 'llamacpp',
  ollama: 'library',
  openai: 'openai',
};

/** The models, and what each kind of server says about itself; null where it says nothing. */
export function modelLists(
  { server, models }: ChaosSettings,
  path: string,
  isAnthropic: boolean,
): string | null {
  if (path === '/v1beta/models')
    return JSON.stringify({
      models: models.map((name) => ({
        name: `models/${name}`,
        supportedGenerationMethods: ['generateContent'],
      })),
    });
  if (path === '/v1/models' && isAnthropic)
    return JSON.stringify({
      data: models.map((id) => ({ type: 'model', id, display_name: id })),
      has_more: false,
    });
  if (path === '/v1/models') {
    const data = models.map((id) => ({ id, object: 'model', created: 1760000000, owned_by: owners[server] }));
    return JSON.stringify({ object: 'list', data });
  }
  if (path === '/version' && server === 'vllm') return '{"version":"0.13.0"}';
  if (path === '/get_server_info' && server === 'sglang') return '{"version":"0.5.4"}';
  if (path === '/props' && server === 'llama.cpp') return '{"build_info":"b6800-1a2b3c4"}';
  if (path === '/api/version' && server === 'ollama') return '{"version":"0.12.6"}';
  return null;
}
