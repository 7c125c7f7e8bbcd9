import type {
  ICheckRow,
  IConnection,
  IConnections,
  IConnectionSettings,
  IEndpoints,
  IListedModel
} from '../../connections';

/** A stored connection with what a test says of it. */
export function row(fields: Partial<IConnection> = {}): IConnection {
  return {
    name: 'mine',
    base_url: 'http://127.0.0.1:11434/v1',
    model: 'qwen',
    has_key: false,
    header_names: [],
    extra_body: {},
    price: null,
    context_tokens: null,
    vision: null,
    chosen: false,
    ...fields
  };
}

/** The connections in memory: they record what the panel asks for, by `ask`. */
export class StoredConnections implements IConnections {
  stored: IConnection[] = [];
  checks: ICheckRow[] = [];
  listed: IListedModel[] = [];
  offered: IEndpoints = { found: [], providers: [] };

  constructor(private readonly ask: (...call: unknown[]) => Promise<void>) {}

  async list(): Promise<IConnection[]> {
    await this.ask('connections');
    return this.stored;
  }

  async endpoints(): Promise<IEndpoints> {
    await this.ask('endpoints');
    return this.offered;
  }

  async models(
    name: string,
    settings: IConnectionSettings
  ): Promise<IListedModel[]> {
    await this.ask('models', name, settings);
    return this.listed;
  }

  async check(name: string): Promise<ICheckRow[]> {
    await this.ask('check', name);
    return this.checks;
  }

  put = (name: string, settings: IConnectionSettings) =>
    this.ask('put', name, settings);
  remove = (name: string) => this.ask('remove connection', name);
}
