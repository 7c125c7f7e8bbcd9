import type { IProvider } from '../../connections';
import type { IDraft, Missing } from '../connectDraft';
import {
  draftOf,
  missingFrom,
  nameOf,
  providerOf,
  sameOrigin,
  settingsOf
} from '../connectDraft';
import { row } from './connections';

const hosted: IProvider = {
  name: 'Hosted',
  base_url: 'https://api.hosted.example/v1',
  key_page: 'https://hosted.example/keys',
  note: 'A note.'
};
const azure: IProvider = {
  ...hosted,
  name: 'Azure',
  base_url: 'https://RESOURCE.azure.example/openai/v1'
};

describe('the draft of a connection', () => {
  it('shows what is stored, and says the same again', () => {
    const stored = row({
      has_key: true,
      price: { prompt: 0.5, completion: 2, cached: 0.1 },
      context_tokens: 8192,
      vision: false,
      extra_body: { top_p: 1 }
    });
    expect(settingsOf(draftOf(stored))).toEqual({
      base_url: stored.base_url,
      model: stored.model,
      price: { prompt: 0.5, completion: 2, cached: 0.1 },
      context_tokens: 8192,
      vision: false,
      extra_body: { top_p: 1 }
    });
  });

  it('tells the server a key and headers only where they were written', () => {
    const draft = { ...draftOf(row()), key: ' k ', headers: '{"X-A": "b"}' };
    expect(settingsOf(draft)).toMatchObject({
      api_key: 'k',
      extra_headers: { 'X-A': 'b' },
      context_tokens: null,
      vision: null,
      price: null,
      extra_body: {}
    });
  });

  it.each<[Missing | null, Partial<IDraft>, IProvider | null, boolean]>([
    [null, {}, null, false],
    ['url', { url: '' }, null, false],
    ['url', { url: 'localhost:11434' }, null, false],
    ['resource', { url: azure.base_url }, azure, true],
    [null, { url: 'https://mine.azure.example/openai/v1' }, azure, true],
    ['key', { url: hosted.base_url }, hosted, false],
    [null, { url: hosted.base_url }, hosted, true],
    [null, { url: hosted.base_url, key: 'k' }, hosted, false],
    ['model', { model: ' ' }, null, false],
    ['prices', { prompt: '1' }, null, false],
    ['prices', { prompt: '1', completion: 'much' }, null, false],
    [null, { prompt: '0', completion: '1.5' }, null, false],
    ['headers', { headers: '{"X-A": 1}' }, null, false],
    ['headers', { headers: 'X-A: b' }, null, false],
    ['body', { body: '[1]' }, null, false],
    ['body', { body: '{' }, null, false],
    [null, { body: '{"top_p": 1}', headers: '{"X-A": "b"}' }, null, false]
  ])('misses %s in %j', (missing, change, provider, hasKey) => {
    const draft = { ...draftOf(row()), ...change };
    expect(missingFrom(draft, provider, hasKey)).toBe(missing);
  });

  it('knows whose address it is', () => {
    const providers = [hosted, azure];
    expect(providerOf('https://api.hosted.example/v1/', providers)).toBe(
      hosted
    );
    expect(providerOf('https://mine.azure.example/openai/v1', providers)).toBe(
      azure
    );
    expect(providerOf('https://api.hosted.example.evil/v1', providers)).toBe(
      null
    );
    expect(providerOf('', providers)).toBe(null);
  });

  it('keeps a key for the same endpoint only', () => {
    expect(sameOrigin('http://h:1/v1', 'http://H:1/v2')).toBe(true);
    expect(sameOrigin('http://h:1/v1', 'https://h:1/v1')).toBe(false);
    expect(sameOrigin('', '')).toBe(false);
  });

  it('has a name that says where it goes', () => {
    expect(nameOf('http://127.0.0.1:11434/v1', 'qwen2.5-coder:14b')).toBe(
      '127-0-0-1-11434-qwen2-5-coder-14b'
    );
    expect(nameOf('nonsense', '')).toBe('connection');
  });
});
