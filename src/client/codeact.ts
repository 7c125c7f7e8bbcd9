import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IChoice, IConnections } from '../connections';
import type { Attachment, State } from '../events';
import type { IHistory } from '../history';
import type {
  ApprovalMode,
  IBinding,
  ICodeAct,
  IContextSwitches,
  IConversationModel,
  IConversations,
  IStatus
} from '../tokens';
import type { Api, IMessage } from './api';
import { Approvals, unbegun } from './approvals';
import { Choices } from './choices';
import { Connections } from './connections';
import { approval, rejection } from './decision';
import { History } from './history';
import type { INotebooks } from './notebooks';
import { ServerStatus } from './serverStatus';
import { Shown } from './shown';

/** Without a choice of the user's, all is shown. */
const EVERYTHING: IContextSwitches = { notebook: true, variables: true };

/** The copilot of the open notebook. */
export class CodeAct implements ICodeAct, IDisposable {
  readonly connections: IConnections;
  readonly history: IHistory;

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
    this.history = new History(api, this);
    this._shown = new Shown(conversations, notebooks, error =>
      this._server.blame(error)
    );
    this._shown.changed.connect(() => this._currentChanged.emit(), this);
    void this.refreshStatus();
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
    return this._shown.current;
  }

  get currentChanged(): ISignal<this, void> {
    return this._currentChanged;
  }

  get notebook(): string | null {
    return this.state?.notebook_path ?? this._shown.active;
  }

  get binding(): IBinding | null {
    const { notebook: path, state } = this;
    return path === null
      ? null
      : (this.notebooks.describe(path) ?? {
          path,
          kernelName: state?.kernel_name ?? '',
          kernelStatus: ''
        });
  }

  get elsewhere(): string | null {
    const key = this._shown.elsewhere;
    return key === null ? null : (this.notebooks.describe(key)?.path ?? key);
  }

  get approval(): ApprovalMode {
    return this._approvals.chosen(this.key) ?? this.usualApproval;
  }

  set approval(mode: ApprovalMode) {
    const usual = mode === this.usualApproval;
    this._approvals.choose(this.key, usual ? null : mode);
    this._statusChanged.emit();
  }

  get usualApproval(): ApprovalMode {
    return this._choices.approval(this.state, this.status);
  }

  get bypassAgreed(): boolean {
    return this._approvals.agreed(this.key);
  }

  get answering(): IChoice | null {
    return this._choices.answering(this.state, this.status);
  }

  choose(name: string): void {
    this._choices.choose(this.state, name);
    this._statusChanged.emit();
  }

  get context(): IContextSwitches {
    return this._contexts.get(this.key) ?? EVERYTHING;
  }

  set context(switches: IContextSwitches) {
    this._contexts.set(this.key, switches);
    this._statusChanged.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._shown.dispose();
    Signal.clearData(this);
  }

  async send(
    text: string,
    attachments: readonly Attachment[] = []
  ): Promise<void> {
    const shown = this.current;
    const notebook = await this.notebooks.prepare(
      shown ? shown.state.notebook_path : this._shown.active
    );
    const model = shown ?? (await this.begin(notebook.key, notebook.kernelId));
    await this.api.send(model.id, {
      message_id: UUID.uuid4(),
      text,
      kernel_id: notebook.kernelId,
      notebook: notebook.context,
      attachments,
      context: this.context,
      ...this.terms(model.id)
    });
  }

  async stop(): Promise<void> {
    await this.api.stop(this.shown().id, UUID.uuid4());
  }

  async restartKernel(): Promise<void> {
    await this.notebooks.restart(this.shown().state.notebook_path);
  }

  async continue(steps: number): Promise<void> {
    await this.api.continue(this.shown().id, {
      continue_id: UUID.uuid4(),
      steps,
      ...this.terms(this.shown().id)
    });
  }

  async approve(step: number, source?: string, all = false): Promise<void> {
    const { id, state } = this.shown();
    const proposal = state.steps.find(each => each.step === step)?.proposal;
    if (!proposal) {
      throw new Error(this.trans.__('That cell does not wait for approval.'));
    }
    const wanted =
      source ??
      this.notebooks.source(state.notebook_path, proposal.cell_id) ??
      proposal.source;
    await this.api.decide(id, approval(step, proposal, wanted, all));
    if (all) {
      this._approvals.choose(id, 'auto');
      this._statusChanged.emit();
    }
  }

  async reject(step: number, note: string): Promise<void> {
    await this.api.decide(this.shown().id, rejection(step, note));
  }

  newConversation(): void {
    const key = unbegun(this._shown.active);
    this._approvals.forget(key);
    this._contexts.delete(key);
    this._choices.forget();
    this._shown.clear(this._shown.active ?? this.binding?.path);
  }

  turn(): Promise<void> {
    return this._shown.turn();
  }

  async open(conversationId: string): Promise<void> {
    const model = await this._shown.open(conversationId);
    if (model) {
      await this.notebooks.reveal(model.state.notebook_path);
    }
  }

  forget(conversationId: string): void {
    if (this.current?.id === conversationId) {
      this.newConversation();
    }
    this.conversations.drop(conversationId);
  }

  async goToCell(cellId: string): Promise<boolean> {
    const path = this.current?.state.notebook_path;
    return path !== undefined && this.notebooks.reveal(path, cellId);
  }

  refreshStatus(): Promise<void> {
    return this._server.refresh();
  }

  /** What a run is started with: this page writes the notebook; an approval and a model only where the user chose one. */
  private terms(id: string): Pick<IMessage, 'client' | 'approval' | 'model'> {
    const { client } = this.conversations;
    const approval = this._approvals.chosen(this.key);
    const model = this._choices.chosen(id);
    return {
      client,
      ...(approval && { approval }),
      ...(model !== undefined && { model })
    };
  }

  private get state(): State | null {
    return this.current?.state ?? null;
  }

  /** What the user's choices of an approval and of what is shown are for. */
  private get key(): string {
    return this.current?.id ?? unbegun(this._shown.active);
  }

  private shown(): IConversationModel {
    const { current } = this._shown;
    if (!current) {
      throw new Error(this.trans.__('There is no conversation yet.'));
    }
    return current;
  }

  private async begin(
    path: string,
    kernelId: string
  ): Promise<IConversationModel> {
    const id = await this.api.create(path, kernelId);
    const { key } = this;
    this._approvals.begin(key, id);
    this._choices.begin(id);
    this._contexts.set(id, this.context);
    this._contexts.delete(key);
    return this._shown.begin(path, id);
  }

  private readonly _server: ServerStatus;
  private readonly _shown: Shown;
  private readonly _approvals = new Approvals();
  private readonly _choices = new Choices();
  private readonly _contexts = new Map<string, IContextSwitches>();
  private _isDisposed = false;
  private readonly _statusChanged = new Signal<this, void>(this);
  private readonly _currentChanged = new Signal<this, void>(this);
}
