import type { TranslationBundle } from '@jupyterlab/translation';

import type { IStatus } from '../tokens';
import type { Api } from './api';
import { RequestError } from './request';

/** What the server extension says of itself, or why it says nothing. */
export class ServerStatus {
  constructor(
    private readonly api: Api,
    private readonly trans: TranslationBundle,
    private readonly changed: () => void
  ) {}

  get status(): IStatus | null {
    return this._status;
  }

  /** One line for the user; empty while the server answers. */
  get problem(): string {
    return this._problem;
  }

  async refresh(): Promise<void> {
    try {
      this._status = await this.api.status();
      this._problem = '';
      this.changed();
    } catch (error) {
      this.blame(error);
    }
  }

  /** `error` is the problem. */
  blame(error: unknown): void {
    this._problem =
      error instanceof RequestError && error.status === 404
        ? this.trans.__(
            'The server extension does not answer: run "jupyter server extension enable jupyter_codeact" and restart the server.'
          )
        : error instanceof Error
          ? error.message
          : String(error);
    this.changed();
  }

  private _status: IStatus | null = null;
  private _problem = '';
}
