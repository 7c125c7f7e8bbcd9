/** What `GET connections` and its like say and take; a key goes in, never out. */
import type { Price } from './events';

/** What is known of a model; null where it is not. */
export interface IModelFacts {
  /** How many tokens a request and its reply may have together. */
  context_tokens: number | null;
  /** Whether it takes images. */
  vision: boolean | null;
}

/** One row of `GET connections`. */
export interface IConnection extends IModelFacts {
  name: string;
  /** Without what may be secret in it. */
  base_url: string;
  model: string;
  has_key: boolean;
  /** Names of the extra headers; what they say stays on the server. */
  header_names: string[];
  extra_body: Record<string, unknown>;
  price: Price | null;
  /** Whether it answers where nothing else was chosen. */
  chosen: boolean;
}

/** What `PUT connections/{name}` takes; what is absent stays as it is stored. */
export interface IConnectionSettings extends Partial<IModelFacts> {
  base_url?: string;
  model?: string;
  api_key?: string;
  extra_headers?: Record<string, string>;
  extra_body?: Record<string, unknown>;
  price?: Price | null;
  chosen?: boolean;
}

/** One row of `POST connections/{name}/check`. */
export interface ICheckRow {
  name: string;
  level: 'ok' | 'warn' | 'fail';
  detail: string;
  action: string;
}

/** One row of `POST connections/{name}/models`. */
export interface IListedModel extends IModelFacts {
  name: string;
}

/** A model server that listens on the server's machine. */
export interface IFound {
  kind: string;
  base_url: string;
  models: IListedModel[];
}

/** A hosted provider: a name in capitals in its base URL is for the user to replace. */
export interface IProvider {
  name: string;
  base_url: string;
  /** Where a key is made. */
  key_page: string;
  note: string;
}

/** What `GET endpoints` answers: what can be connected. */
export interface IEndpoints {
  found: IFound[];
  providers: IProvider[];
}

/** What a user can choose to answer a conversation, by name. */
export interface IChoice {
  name: string;
  model: string;
  /** Whether it is the built-in analyst. */
  offline: boolean;
  /** Whether it takes images; null or absent where that is not known. */
  vision?: boolean | null;
}

/** The connections to models, kept on the server. */
export interface IConnections {
  list(): Promise<IConnection[]>;
  endpoints(): Promise<IEndpoints>;
  put(name: string, settings: IConnectionSettings): Promise<void>;
  /** The models that the connection would offer; nothing is stored. */
  models(name: string, settings: IConnectionSettings): Promise<IListedModel[]>;
  check(name: string): Promise<ICheckRow[]>;
  remove(name: string): Promise<void>;
}
