import type { ServerConnection } from '@jupyterlab/services';

import type {
  ICheckRow,
  IConnection,
  IConnections,
  IConnectionSettings,
  IEndpoints,
  IListedModel
} from '../connections';
import { request } from './request';

/** The routes of the connections to models. */
export class Connections implements IConnections {
  constructor(
    private readonly settings: ServerConnection.ISettings,
    /** Called when what can be chosen may have changed. */
    private readonly changed: () => Promise<void>
  ) {}

  list(): Promise<IConnection[]> {
    return request(this.settings, 'connections');
  }

  endpoints(): Promise<IEndpoints> {
    return request(this.settings, 'endpoints');
  }

  async put(name: string, settings: IConnectionSettings): Promise<void> {
    await request(this.settings, path(name), 'PUT', settings);
    await this.changed();
  }

  models(name: string, settings: IConnectionSettings): Promise<IListedModel[]> {
    return request(this.settings, `${path(name)}/models`, 'POST', settings);
  }

  check(name: string): Promise<ICheckRow[]> {
    return request(this.settings, `${path(name)}/check`, 'POST', {});
  }

  async remove(name: string): Promise<void> {
    await request(this.settings, path(name), 'DELETE');
    await this.changed();
  }
}

function path(name: string): string {
  return `connections/${encodeURIComponent(name)}`;
}
