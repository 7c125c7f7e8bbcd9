import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  ApprovalMode,
  IBinding,
  ICheckRow,
  ICodeAct,
  IConnection,
  IConnectionSettings,
  IConversationModel,
  IConversations,
  IStatus,
  ISummary
} from '../tokens';
import type { Api } from './api';
import { isLive } from './conversations';
import { approval, rejection } from './decision';
import type { INotebooks } from './notebooks';
import { ServerStatus } from './serverStatus';

/**
 * The copilot of the open notebook.
 *
 * A notebook shows the conversation that was chosen for it, else its latest. An idle conversation gives way when another
 * notebook becomes the active one; a live one stays until its run ends.
 */
export class CodeAct implements ICodeAct, IDisposable {
  constructor(
    private readonly api: Api,
    private readonly conversations: IConversations,
    private readonly notebooks: INotebooks,
    private readonly trans: TranslationBundle
  ) {
    this._server = new ServerStatus(api, trans, () =>
      this._statusChanged.emit()
    );
    notebooks.changed.connect(this.onNotebooksChanged, this);
    this._active = notebooks.active;
    void this.refreshStatus();
    void this.follow();
  }

  get status(): IStatus | null {
    return this._server.status;
  }

  get problem(): string {
    return this._server.problem;
  }

  get statusChanged(): ISignal<this, void> {
    return this._statusChanged;
  }

  get current(): IConversationModel | null {
    return this._current;
  }

  get currentChanged(): ISignal<this, void> {
    return this._currentChanged;
  }

  get binding(): IBinding | null {
    const path = this._current?.state.notebook_path ?? this._active;
    return path === null
      ? null
      : (this.notebooks.describe(path) ?? {
          path,
          kernelName: this._current?.state.kernel_name ?? '',
          kernelStatus: ''
        });
  }

  get approval(): ApprovalMode {
    return this._approval ?? this.status?.approval ?? 'ask';
  }

  set approval(mode: ApprovalMode) {
    this._approval = mode;
    this._statusChanged.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.show(null);
    Signal.clearData(this);
  }

  async send(text: string): Promise<void> {
    const shown = this._current;
    const notebook = await this.notebooks.prepare(
      shown ? shown.state.notebook_path : this._active
    );
    const model = shown ?? (await this.begin(notebook.key, notebook.kernelId));
    await this.api.send(model.id, {
      message_id: UUID.uuid4(),
      text,
      kernel_id: notebook.kernelId,
      notebook: notebook.context,
      attachments: [],
      ...this.terms()
    });
  }

  async stop(): Promise<void> {
    await this.api.stop(this.shown().id, UUID.uuid4());
  }

  async continue(steps: number): Promise<void> {
    await this.api.continue(this.shown().id, {
      continue_id: UUID.uuid4(),
      steps,
      ...this.terms()
    });
  }

  async approve(step: number, source?: string): Promise<void> {
    const { id, state } = this.shown();
    const proposal = state.steps.find(each => each.step === step)?.proposal;
    if (!proposal) {
      throw new Error(this.trans.__('That cell does not wait for approval.'));
    }
    const wanted =
      source ??
      this.notebooks.source(state.notebook_path, proposal.cell_id) ??
      proposal.source;
    await this.api.decide(id, approval(step, proposal, wanted));
  }

  async reject(step: number, note: string): Promise<void> {
    await this.api.decide(this.shown().id, rejection(step, note));
  }

  newConversation(): void {
    const path = this.binding?.path;
    if (path !== undefined) {
      this._chosen.set(path, null);
    }
    this._approval = null;
    this.show(null);
  }

  async open(conversationId: string): Promise<void> {
    const turn = ++this._turn;
    const model = await this.conversations.hold(conversationId);
    if (turn !== this._turn) {
      this.conversations.letGo(conversationId);
      return;
    }
    const path = model.state.notebook_path;
    this._chosen.set(path, conversationId);
    this.show(model);
    await this.notebooks.reveal(path);
  }

  async list(all: boolean): Promise<ISummary[]> {
    const path = all ? undefined : this.binding?.path;
    return all || path !== undefined ? this.api.list(path) : [];
  }

  readonly download: ICodeAct['download'] = (id, format) =>
    this.api.download(id, format);

  async remove(conversationId: string): Promise<void> {
    await this.api.remove(conversationId);
    if (this._current?.id === conversationId) {
      this.newConversation();
    }
    this.conversations.drop(conversationId);
  }

  async goToCell(cellId: string): Promise<boolean> {
    const path = this._current?.state.notebook_path;
    return path !== undefined && this.notebooks.reveal(path, cellId);
  }

  refreshStatus(): Promise<void> {
    return this._server.refresh();
  }

  connections(): Promise<IConnection[]> {
    return this.api.connections();
  }

  async putConnection(
    name: string,
    settings: IConnectionSettings
  ): Promise<void> {
    await this.api.putConnection(name, settings);
    await this.refreshStatus();
  }

  checkConnection(name: string): Promise<ICheckRow[]> {
    return this.api.checkConnection(name);
  }

  async removeConnection(name: string): Promise<void> {
    await this.api.removeConnection(name);
    await this.refreshStatus();
  }

  /** What a run is started with: this page writes the notebook; an approval only where the user chose one. */
  private terms(): { client: string; approval?: ApprovalMode } {
    const { client } = this.conversations;
    return this._approval ? { client, approval: this._approval } : { client };
  }

  private shown(): IConversationModel {
    if (!this._current) {
      throw new Error(this.trans.__('There is no conversation yet.'));
    }
    return this._current;
  }

  private async begin(
    path: string,
    kernelId: string
  ): Promise<IConversationModel> {
    const id = await this.api.create(path, kernelId);
    this._turn++;
    this._chosen.set(path, id);
    const model = await this.conversations.hold(id);
    this.show(model);
    return model;
  }

  private onNotebooksChanged(): void {
    if (this.notebooks.active === this._active) {
      this._currentChanged.emit();
      return;
    }
    this._active = this.notebooks.active;
    if (!isLive(this._current)) {
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
          ? await this.conversations.latest(path)
          : (chosen ?? null);
      const model = id === null ? null : await this.conversations.hold(id);
      if (turn === this._turn) {
        this.show(model);
      } else if (model) {
        this.conversations.letGo(model.id);
      }
    } catch (error) {
      this._server.blame(error);
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
    this._currentChanged.emit();
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

  private readonly _server: ServerStatus;
  private readonly _chosen = new Map<string, string | null>();
  private _active: string | null;
  private _current: IConversationModel | null = null;
  private _approval: ApprovalMode | null = null;
  private _turn = 0;
  private _wasLive = false;
  private _isDisposed = false;
  private readonly _statusChanged = new Signal<this, void>(this);
  private readonly _currentChanged = new Signal<this, void>(this);
}
