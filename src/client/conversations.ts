import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IConversationModel, IConversations, ISummary } from '../tokens';
import type { Api } from './api';
import { ConversationModel } from './model';

/** The conversations that this page follows: each once, however many parts of the page hold it. */
export class Conversations implements IConversations {
  constructor(
    readonly api: Api,
    readonly client: string
  ) {}

  get followed(): readonly ConversationModel[] {
    return [...this._models.values()];
  }

  get opened(): ISignal<this, ConversationModel> {
    return this._opened;
  }

  async latest(
    path: string,
    recorded: readonly string[] = []
  ): Promise<string | null> {
    const rows = await this.rows(path, recorded);
    const newest = rows.reduce<ISummary | null>(
      (best, row) => (best && best.updated_at >= row.updated_at ? best : row),
      null
    );
    return newest && newest.conversation_id;
  }

  async hold(id: string): Promise<ConversationModel> {
    this._holds.set(id, (this._holds.get(id) ?? 0) + 1);
    try {
      return await this.model(id);
    } catch (error) {
      this.letGo(id);
      throw error;
    }
  }

  letGo(id: string): void {
    this._holds.set(id, Math.max(0, (this._holds.get(id) ?? 0) - 1));
    this.closeUnused(id);
  }

  drop(id: string): void {
    this._holds.delete(id);
    this._opening.delete(id);
    const model = this._models.get(id);
    if (model) {
      this._models.delete(id);
      model.dispose();
    }
  }

  private async rows(
    path: string,
    recorded: readonly string[]
  ): Promise<ISummary[]> {
    const rows = await this.api.list(path);
    const known = new Set(rows.map(row => row.conversation_id));
    const missing = recorded.filter(id => !known.has(id));
    return (await this.moved(path, missing)) ? this.api.list(path) : rows;
  }

  /** Whether any of `ids` is about the notebook at `path` by now. A no is kept: a copy would ask whenever it is shown. */
  private async moved(path: string, ids: string[]): Promise<boolean> {
    const known = this._moved.get(path) ?? new Map<string, Promise<boolean>>();
    this._moved.set(path, known);
    const fresh = ids.filter(id => !known.has(id));
    if (fresh.length > 0) {
      const answer = this.api.moved(path, fresh);
      const forget = () => fresh.forEach(id => known.delete(id));
      fresh.forEach(id => known.set(id, answer));
      answer.then(moved => moved && forget(), forget);
    }
    const answers = await Promise.all(ids.map(id => known.get(id)));
    return answers.some(moved => moved);
  }

  private model(id: string): Promise<ConversationModel> {
    const opening = this._opening.get(id) ?? this.open(id);
    this._opening.set(id, opening);
    return opening;
  }

  private async open(id: string): Promise<ConversationModel> {
    try {
      const model = await ConversationModel.open(this.api, id, this.client);
      this._models.set(id, model);
      model.liveChanged.connect(() => this.closeUnused(id), this);
      this._opened.emit(model);
      return model;
    } catch (error) {
      this._opening.delete(id);
      throw error;
    }
  }

  /** A live run is followed to its end even when nobody looks: this page may be the one that writes its notebook. */
  private closeUnused(id: string): void {
    const activity = this._models.get(id)?.activity;
    if (!this._holds.get(id) && activity?.state === 'idle') {
      this.drop(id);
    }
  }

  private readonly _holds = new Map<string, number>();
  private readonly _opening = new Map<string, Promise<ConversationModel>>();
  /** By path and conversation, what `moved` was told. */
  private readonly _moved = new Map<string, Map<string, Promise<boolean>>>();
  private readonly _models = new Map<string, ConversationModel>();
  private readonly _opened = new Signal<this, ConversationModel>(this);
}

/** Whether a run of `model` is live, as far as this page knows. */
export function isLive(model: IConversationModel | null): boolean {
  const state = model?.activity?.state;
  return state !== undefined && state !== 'idle';
}
