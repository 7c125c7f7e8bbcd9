import { URLExt } from '@jupyterlab/coreutils';
import { UUID } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Activity, Event, Notice, ReplyDelta, State } from '../events';
import type { IConversationModel, IPartialReply, ISeenCell } from '../tokens';
import type { Api } from './api';
import { apply } from './fold';
import type { IFollowing } from './follower';
import { Follower } from './follower';

/** One conversation, kept current by following its journal. */
export class ConversationModel implements IConversationModel, IFollowing {
  /** The conversation as it stands on the server, and followed from there. Rejects as `request` does. */
  static async open(
    api: Api,
    id: string,
    client: string
  ): Promise<ConversationModel> {
    const { live, ...state } = await api.conversation(id);
    return new ConversationModel(api, state, live, client);
  }

  private constructor(
    private readonly api: Api,
    readonly state: State,
    live: boolean,
    private readonly client: string
  ) {
    this.id = state.conversation_id;
    this._activity = live ? null : idle(state.updated_at);
    this._follower = new Follower(api, client, this);
  }

  readonly id: string;

  get seq(): number {
    return this.state.seq;
  }

  get partial(): IPartialReply | null {
    return this._partial;
  }

  get activity(): Activity | null {
    return this._activity;
  }

  get connected(): boolean {
    return this._connected;
  }

  get unsaved(): string {
    return this._unsaved;
  }

  get unwritten(): string {
    return this._unwritten;
  }

  get readOnly(): string {
    return this._readOnly;
  }

  get loginUrl(): string {
    return this._loginUrl;
  }

  get writes(): boolean {
    return this._writes;
  }

  get serverWrites(): boolean {
    return this._serverWrites;
  }

  get trusted(): boolean {
    return this._trusted;
  }

  trust(): void {
    if (!this._trusted) {
      this._trusted = true;
      this._liveChanged.emit();
      this._stateChanged.emit();
    }
  }

  report(cells: readonly ISeenCell[]): Promise<void> {
    return this.api.report(this.id, UUID.uuid4(), cells);
  }

  revise(messageId: string, text: string): Promise<void> {
    return this.api.revise(this.id, messageId, text);
  }

  withdraw(messageId: string): Promise<void> {
    return this.api.withdraw(this.id, messageId);
  }

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  get liveChanged(): ISignal<this, void> {
    return this._liveChanged;
  }

  get isDisposed(): boolean {
    return this._follower.isDisposed;
  }

  dispose(): void {
    this._follower.dispose();
    Signal.clearData(this);
  }

  onEvent(event: Event): void {
    apply(this.state, event);
    switch (event.kind) {
      case 'model_replied':
      case 'run_started':
        this._partial = null;
        break;
      case 'run_finished':
        this._partial = null;
        this._activity = idle(event.time);
        break;
      default:
        break;
    }
    this._stateChanged.emit();
  }

  onNotice(notice: Notice): void {
    switch (notice.kind) {
      case 'reply_delta':
        this._partial = extended(this._partial, notice);
        break;
      case 'activity':
        this._activity = notice;
        break;
      case 'lease':
        this._writes = notice.client === this.client;
        this._serverWrites = notice.client === '';
        break;
      case 'unsaved':
        this._unsaved = notice.detail;
        break;
      case 'unwritten':
        this._unwritten = notice.detail;
        break;
      case 'read_only':
        this._readOnly = notice.detail;
        break;
    }
    this._liveChanged.emit();
  }

  onConnected(connected: boolean): void {
    this._connected = connected;
    if (!connected) {
      this._partial = null; // what is streamed meanwhile is missed
    } else {
      // What is so is told anew.
      this._unsaved = this._unwritten = this._readOnly = this._loginUrl = '';
    }
    this._liveChanged.emit();
  }

  onLoggedOut(): void {
    this._loginUrl = URLExt.join(this.api.settings.baseUrl, 'login');
    this._liveChanged.emit();
  }

  private readonly _follower: Follower;
  private _partial: IPartialReply | null = null;
  private _activity: Activity | null;
  private _connected = false;
  private _unsaved = '';
  private _unwritten = '';
  private _readOnly = '';
  private _loginUrl = '';
  private _writes = false;
  private _serverWrites = false;
  private _trusted = false;
  private readonly _stateChanged = new Signal<this, void>(this);
  private readonly _liveChanged = new Signal<this, void>(this);
}

function idle(since: string): Activity {
  return {
    kind: 'activity',
    state: 'idle',
    since,
    detail: '',
    told_seq: 0,
    retry_seconds: 0
  };
}

function extended(
  partial: IPartialReply | null,
  delta: ReplyDelta
): IPartialReply {
  const { step, text, reasoning, restart } = delta;
  if (restart && partial?.text && partial.step === step && !text) {
    return { ...partial, voided: true };
  }
  return partial?.step !== step || partial.voided || restart
    ? { step, text, reasoning }
    : {
        step,
        text: partial.text + text,
        reasoning: partial.reasoning + reasoning
      };
}
