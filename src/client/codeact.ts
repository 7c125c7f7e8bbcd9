import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IChoice, IConnections } from '../connections';
import type { State } from '../events';
import type {
  ApprovalMode,
  IBinding,
  ICodeAct,
  IContextSwitches,
  IConversationModel,
  IConversations,
  IStatus,
  ISummary
} from '../tokens';
import type { Api } from './api';
import { Choices } from './choices';
import { Connections } from './connections';
import { isLive } from './conversations';
import { approval, rejection } from './decision';
import type { INotebooks } from './notebooks';
import { ServerStatus } from './serverStatus';

/** Without a choice of the user's, all is shown. */
const EVERYTHING: IContextSwitches = { notebook: true, variables: true };

/**
 * The copilot of the open notebook.
 *
 * A notebook shows the conversation that was chosen for it, else its latest. An idle conversation gives way when another
 * notebook becomes the active one; a live one stays until its run ends.
 */
export class CodeAct implements ICodeAct, IDisposable {
  readonly connections: IConnections;

  constructor(
    private readonly api: Api,
    private readonly conversations: IConversations,
    private readonly notebooks: INotebooks,
    private readonly trans: TranslationBundle
  ) {
    this._server = new ServerStatus(api, trans, () =>
      this._statusChanged.emit()
    );
    this.connections = new Connections(api.settings, () =>
      this.refreshStatus()
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
    return this._choices.approvalFor(this.state, this.status);
  }

  set approval(mode: ApprovalMode) {
    this._choices.approval = mode;
    this._statusChanged.emit();
  }

  get answering(): IChoice | null {
    return this._choices.answering(this.state, this.status);
  }

  choose(name: string): void {
    this._choices.choose(this.state, name);
    this._statusChanged.emit();
  }

  get context(): IContextSwitches {
    return this._contexts.get(this._current?.id ?? '') ?? EVERYTHING;
  }

  set context(switches: IContextSwitches) {
    this._contexts.set(this._current?.id ?? '', switches);
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
      client: this.conversations.client,
      context: this.context,
      ...this._choices.terms(model.id)
    });
  }

  async stop(): Promise<void> {
    await this.api.stop(this.shown().id, UUID.uuid4());
  }

  async continue(steps: number): Promise<void> {
    await this.api.continue(this.shown().id, {
      continue_id: UUID.uuid4(),
      steps,
      client: this.conversations.client,
      ...this._choices.terms(this.shown().id)
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
    this._choices.forget();
    this._contexts.delete('');
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

  private get state(): State | null {
    return this._current?.state ?? null;
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
    this._choices.begin(id);
    this._contexts.set(id, this.context);
    this._contexts.delete('');
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
  private readonly _choices = new Choices();
  private readonly _chosen = new Map<string, string | null>();
  /** By conversation; under the empty string for one that has not begun. */
  private readonly _contexts = new Map<string, IContextSwitches>();
  private _active: string | null;
  private _current: IConversationModel | null = null;
  private _turn = 0;
  private _wasLive = false;
  private _isDisposed = false;
  private readonly _statusChanged = new Signal<this, void>(this);
  private readonly _currentChanged = new Signal<this, void>(this);
}
