import type { IHistory } from '../history';
import type { ExportFormat, ISummary } from '../tokens';
import type { Api } from './api';

/** What the history needs of the panel's side of the product. */
export interface IBound {
  /** What conversations call the notebook that the panel is bound to, or null. */
  readonly notebook: string | null;
  /** The conversation is gone: it is shown and followed no more. */
  forget(conversationId: string): void;
  open(conversationId: string): Promise<void>;
}

/** The conversations of earlier, by the server's routes. */
export class History implements IHistory {
  constructor(
    private readonly api: Api,
    private readonly bound: IBound
  ) {}

  async list(all: boolean, search: string): Promise<ISummary[]> {
    const { notebook } = this.bound;
    if (all) {
      return this.api.list(undefined, search);
    }
    return notebook === null ? [] : this.api.list(notebook, search);
  }

  rename(conversationId: string, title: string): Promise<void> {
    return this.api.rename(conversationId, title);
  }

  async remove(conversationId: string): Promise<void> {
    await this.api.remove(conversationId);
    this.bound.forget(conversationId);
  }

  restore(conversationId: string): Promise<void> {
    return this.api.restore(conversationId);
  }

  async branch(conversationId: string, seq: number): Promise<void> {
    await this.bound.open(await this.api.branch(conversationId, seq));
  }

  download(conversationId: string, format: ExportFormat): Promise<void> {
    return this.api.download(conversationId, format);
  }
}
