import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IConversationModel, IConversations } from '../tokens';
import { recordedConversations } from './marks';
import { Mirror } from './mirror';

/**
 * A mirror for every pair of an open notebook and a followed conversation about it.
 *
 * The latest conversation about a notebook is followed while the notebook is open, so that what happened while it was
 * closed is caught up with.
 */
export class Mirrors implements IDisposable {
  constructor(
    tracker: INotebookTracker,
    private readonly conversations: IConversations,
    private readonly follows: () => boolean
  ) {
    tracker.widgetAdded.connect(this.onNotebook, this);
    conversations.opened.connect(this.onConversation, this);
    tracker.forEach(panel => this.onNotebook(tracker, panel));
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
    this._mirrors.forEach((_, panel) => this.onClosed(panel));
  }

  private onNotebook(_: INotebookTracker, panel: NotebookPanel): void {
    void panel.context.ready.then(() => this.add(panel));
  }

  private add(panel: NotebookPanel): void {
    if (this._isDisposed || panel.isDisposed) {
      return;
    }
    const { path } = panel.context;
    this._paths.set(panel, path);
    this._mirrors.set(panel, new Map());
    panel.disposed.connect(this.onClosed, this);
    for (const conversation of this.conversations.followed) {
      this.pair(panel, conversation);
    }
    void this.catchUp(panel, path);
  }

  /** Without the server extension there is nothing to catch up with; the panel says so. */
  private async catchUp(panel: NotebookPanel, path: string): Promise<void> {
    try {
      const recorded = recordedConversations(panel.context.model);
      const id = await this.conversations.latest(path, recorded);
      if (id === null || panel.isDisposed) {
        return;
      }
      await this.conversations.hold(id);
      if (panel.isDisposed) {
        this.conversations.letGo(id);
      } else {
        panel.disposed.connect(() => this.conversations.letGo(id), this);
      }
    } catch {
      return;
    }
  }

  private onConversation(
    _: IConversations,
    conversation: IConversationModel
  ): void {
    let about: string | null = null;
    const pairUp = () => {
      if (about !== conversation.state.notebook_path) {
        about = conversation.state.notebook_path;
        this._mirrors.forEach((_, panel) => this.pair(panel, conversation));
      }
    };
    pairUp();
    conversation.stateChanged.connect(pairUp, this); // its notebook may be moved
  }

  private pair(panel: NotebookPanel, conversation: IConversationModel): void {
    const mirrors = this._mirrors.get(panel);
    mirrors?.get(conversation.id)?.dispose();
    mirrors?.delete(conversation.id);
    if (
      mirrors &&
      conversation.state.notebook_path === this._paths.get(panel)
    ) {
      mirrors.set(
        conversation.id,
        new Mirror(panel, conversation, this.follows)
      );
    }
  }

  private onClosed(panel: NotebookPanel): void {
    this._mirrors.get(panel)?.forEach(mirror => mirror.dispose());
    this._mirrors.delete(panel);
  }

  /** Paths when the notebooks were opened: conversations know a renamed notebook by these. */
  private readonly _paths = new WeakMap<NotebookPanel, string>();
  /** By conversation. */
  private readonly _mirrors = new Map<NotebookPanel, Map<string, Mirror>>();
  private _isDisposed = false;
}
