import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IConversationModel, IConversations } from '../tokens';
import { isLive } from './conversations';
import type { INotebooks } from './notebooks';

/**
 * Which conversation is shown.
 *
 * A notebook shows the conversation that was chosen for it, else its latest. An idle conversation gives way when another
 * notebook becomes the active one; a live one stays until its run ends.
 */
export class Shown implements IDisposable {
  constructor(
    private readonly conversations: IConversations,
    private readonly notebooks: INotebooks,
    private readonly blame: (error: unknown) => void
  ) {
    notebooks.changed.connect(this.onNotebooksChanged, this);
    this._active = notebooks.active;
    void this.follow();
  }

  get current(): IConversationModel | null {
    return this._current;
  }

  /** The key of the notebook that the user works in, or null. */
  get active(): string | null {
    return this._active;
  }

  /** `active` where `current` is about another notebook; else null. */
  get elsewhere(): string | null {
    const shown = this._current?.state.notebook_path ?? this._active;
    return shown === this._active ? null : this._active;
  }

  /** `current`, `active`, or what is known of the notebook of `current`, changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.show(null);
    Signal.clearData(this);
  }

  /** No conversation is shown for the notebook at `path` until one begins. */
  clear(path: string | undefined): void {
    if (path !== undefined) {
      this._chosen.set(path, null);
    }
    this.show(null);
  }

  /** The conversation of the active notebook is shown, whatever is live. */
  async turn(): Promise<void> {
    if (this._current?.state.notebook_path !== this._active) {
      await this.follow();
    }
  }

  /** The conversation is shown; null when something else was wanted meanwhile. */
  async open(conversationId: string): Promise<IConversationModel | null> {
    const turn = ++this._turn;
    const model = await this.conversations.hold(conversationId);
    if (turn !== this._turn) {
      this.conversations.letGo(conversationId);
      return null;
    }
    this._chosen.set(model.state.notebook_path, conversationId);
    this.show(model);
    return model;
  }

  /** The new conversation `id` about the notebook at `path` is shown. */
  async begin(path: string, id: string): Promise<IConversationModel> {
    this._turn++;
    this._chosen.set(path, id);
    const model = await this.conversations.hold(id);
    this.show(model);
    return model;
  }

  private onNotebooksChanged(): void {
    if (this.notebooks.active === this._active) {
      this._changed.emit();
      return;
    }
    this._active = this.notebooks.active;
    if (isLive(this._current)) {
      this._changed.emit();
    } else {
      void this.follow();
    }
  }

  /** Shows the conversation of the active notebook. */
  private async follow(): Promise<void> {
    const turn = ++this._turn;
    const path = this._active;
    try {
      const chosen = path === null ? null : this._chosen.get(path);
      const id =
        path !== null && chosen === undefined
          ? await this.conversations.latest(
              path,
              await this.notebooks.recorded(path)
            )
          : (chosen ?? null);
      const model = id === null ? null : await this.conversations.hold(id);
      if (turn === this._turn) {
        this.show(model);
      } else if (model) {
        this.conversations.letGo(model.id);
      }
    } catch (error) {
      this.blame(error);
    }
  }

  private show(model: IConversationModel | null): void {
    const last = this._current;
    this._current = model;
    model?.liveChanged.connect(this.onLiveChanged, this);
    if (last) {
      if (last !== model) {
        last.liveChanged.disconnect(this.onLiveChanged, this);
      }
      this.conversations.letGo(last.id);
    }
    this._changed.emit();
  }

  /** At a run's end the panel turns to the notebook that became active meanwhile. */
  private onLiveChanged(model: IConversationModel): void {
    const live = isLive(model);
    const ended = this._wasLive && !live;
    this._wasLive = live;
    if (ended && this._active !== model.state.notebook_path) {
      void this.follow();
    }
  }

  private readonly _chosen = new Map<string, string | null>();
  private _active: string | null;
  private _current: IConversationModel | null = null;
  private _turn = 0;
  private _wasLive = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
