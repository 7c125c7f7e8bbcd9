import type {
  IConnection,
  IConnectionSettings,
  IListedModel,
  IProvider
} from '../connections';

/** What is written in the form, as it is written. */
export interface IDraft {
  name: string;
  url: string;
  key: string;
  model: string;
  context: string;
  images: '' | 'yes' | 'no';
  prompt: string;
  completion: string;
  /** What is stored of it: the form does not ask. */
  cached: number | null;
  headers: string;
  body: string;
}

/** What the form still needs before the connection can be used. */
export type Missing =
  'url' | 'resource' | 'key' | 'model' | 'prices' | 'headers' | 'body';

/** What a stored connection looks like in the form; its secrets do not. */
export function draftOf(row: IConnection | null): IDraft {
  const vision = row?.vision ?? null;
  const body = row?.extra_body ?? {};
  return {
    name: row?.name ?? '',
    url: row?.base_url ?? '',
    key: '',
    model: row?.model ?? '',
    context: row?.context_tokens ? String(row.context_tokens) : '',
    images: vision === null ? '' : vision ? 'yes' : 'no',
    prompt: row?.price ? String(row.price.prompt) : '',
    completion: row?.price ? String(row.price.completion) : '',
    cached: row?.price?.cached ?? null,
    headers: '',
    body: Object.keys(body).length > 0 ? JSON.stringify(body) : ''
  };
}

/** The first thing that is missing; null when the connection can be used. */
export function missingFrom(
  draft: IDraft,
  provider: IProvider | null,
  hasKey: boolean
): Missing | null {
  if (!/^https?:\/\/[^\s/]/i.test(draft.url.trim())) {
    return 'url';
  }
  if (provider && placeholderOf(provider.base_url, draft.url)) {
    return 'resource';
  }
  if (provider && !hasKey && !draft.key.trim()) {
    return 'key';
  }
  if (!draft.model.trim()) {
    return 'model';
  }
  const prices = [draft.prompt, draft.completion].map(text => text.trim());
  if (
    prices.some(text => text !== '') &&
    !prices.every(text => text !== '' && Number(text) >= 0)
  ) {
    return 'prices';
  }
  if (draft.headers.trim() && !isTextObject(objectOf(draft.headers))) {
    return 'headers';
  }
  return draft.body.trim() && !objectOf(draft.body) ? 'body' : null;
}

/** What the server is told; secrets only where they were written anew. */
export function settingsOf(draft: IDraft): IConnectionSettings {
  const context = Number.parseInt(draft.context, 10);
  return {
    base_url: draft.url.trim(),
    model: draft.model.trim(),
    context_tokens: context > 0 ? context : null,
    vision: draft.images === '' ? null : draft.images === 'yes',
    price: draft.prompt.trim()
      ? {
          prompt: Number(draft.prompt),
          completion: Number(draft.completion),
          cached: draft.cached
        }
      : null,
    extra_body: objectOf(draft.body) ?? {},
    ...(draft.key.trim() && { api_key: draft.key.trim() }),
    ...(draft.headers.trim() && {
      extra_headers: objectOf(draft.headers) as Record<string, string>
    })
  };
}

/** The provider whose address the URL is, or was made from. */
export function providerOf(
  url: string,
  providers: IProvider[]
): IProvider | null {
  return (
    providers.find(({ base_url }) => {
      const [before, after] = base_url.split(/\b[A-Z]{4,}\b/);
      const written = url.trim().replace(/\/+$/, '');
      return after === undefined
        ? written === base_url
        : written.startsWith(before) && written.endsWith(after);
    }) ?? null
  );
}

/** A name for the connection that says where it goes: host and model, in letters, digits and dashes. */
export function nameOf(url: string, model: string): string {
  let host = '';
  try {
    host = new URL(url.trim()).host;
  } catch {
    host = '';
  }
  const name = `${host}-${model.trim()}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'connection';
}

/** Whether both lead to the same endpoint, so that a key for one is good for the other. */
export function sameOrigin(one: string, other: string): boolean {
  try {
    return new URL(one.trim()).origin === new URL(other.trim()).origin;
  } catch {
    return false;
  }
}

/** What is stored of a model server that was found. */
export function settingsOfFound(
  baseUrl: string,
  model: IListedModel
): IConnectionSettings {
  return {
    base_url: baseUrl,
    model: model.name,
    context_tokens: model.context_tokens,
    vision: model.vision
  };
}

/** The word in capitals that the user has not replaced yet. */
function placeholderOf(template: string, url: string): string | null {
  const [placeholder] = template.match(/\b[A-Z]{4,}\b/) ?? [''];
  return placeholder && url.includes(placeholder) ? placeholder : null;
}

/** The JSON object that `text` is; null when it is none. */
function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isTextObject(value: Record<string, unknown> | null): boolean {
  return (
    value !== null &&
    Object.values(value).every(each => typeof each === 'string')
  );
}
