import {
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { apply, emptyState } from '../../client/fold';
import type { IChoice } from '../../connections';
import type {
  Activity,
  Attachment,
  Event,
  Price,
  Proposal,
  State
} from '../../events';
import type { IHistory } from '../../history';
import type {
  ApprovalMode,
  IBinding,
  ICodeAct,
  IContextSwitches,
  IConversationModel,
  IPartialReply,
  IStatus,
  ISummary
} from '../../tokens';
import { PanelState } from '../panelState';
import { safeRenderMime } from '../rendering';
import type { IServices } from '../services';
import { StoredConnections } from './connections';
import { STATUS } from './status';

/** From here on frames are drawn at once, so that a test sees what a signal changed. */
export function drawAtOnce(): void {
  window.requestAnimationFrame = callback => {
    queueMicrotask(() => callback(performance.now()));
    return 1;
  };
  window.cancelAnimationFrame = () => undefined;
}

type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;

/** An event before it has its place in a journal. */
type NewEvent = {
  [K in Event['kind']]: Omit<EventOf<K>, 'seq' | 'time'>;
}[Event['kind']];

/** A conversation in memory: folded by the product's own fold, changed by the test. */
export class Conversation implements IConversationModel {
  readonly id = 'c1';
  readonly state = emptyState();
  partial: IPartialReply | null = null;
  activity: Activity | null = null;
  connected = true;
  unsaved = '';
  unwritten = '';
  readOnly = '';
  loginUrl = '';
  writes = true;
  serverWrites = false;
  trusted = false;
  isDisposed = false;
  readonly stateChanged = new Signal<this, void>(this);
  readonly liveChanged = new Signal<this, void>(this);

  trust(): void {
    this.trusted = true;
    this.stateChanged.emit();
  }

  /** What was asked of the messages that wait, and why that is refused. */
  readonly asked: string[][] = [];
  refusal = '';

  revise = (...call: string[]) => this._ask('revise', ...call);
  withdraw = (...call: string[]) => this._ask('withdraw', ...call);

  private _ask(...call: string[]): Promise<void> {
    this.asked.push(call);
    return this.refusal
      ? Promise.reject(new Error(this.refusal))
      : Promise.resolve();
  }

  report(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** A conversation that began, as a branch where `from` says so. */
  constructor(private readonly from: State['branched_from'] = null) {
    if (from) {
      this.start();
    }
  }

  private start(): void {
    this.add({
      kind: 'conversation_started',
      conversation_id: this.id,
      notebook_path: 'work/sales.ipynb',
      root: '/home/user',
      kernel_name: 'python3',
      language: 'python',
      nonce: '',
      schema_version: 1,
      branched_from: this.from
    });
  }

  /** The next event of the journal. */
  add(event: NewEvent): this {
    const seq = this.state.seq + 1;
    apply(this.state, { ...event, seq, time: '2026-01-01T00:00:00Z' });
    this.stateChanged.emit();
    return this;
  }

  /** A message that shows the model nothing else. */
  say(text: string, message_id = `m${this.state.seq}`): this {
    return this.add({
      kind: 'user_message',
      message_id,
      text,
      attachments: [],
      context: {
        path: '',
        cells: [],
        active_cell_id: null,
        cells_left_out: 0,
        variables: [],
        variables_left_out: 0,
        note: ''
      }
    });
  }

  /** A conversation with one message and a run that has begun. */
  begin(
    text = 'what is here?',
    run = 'r1',
    price: Price | null = null,
    format: EventOf<'run_started'>['action_format'] = 'fenced'
  ): this {
    if (this.state.seq === 0) {
      this.start();
    }
    this.say(text);
    return this.add({
      kind: 'run_started',
      run_id: run,
      model: 'scripted',
      connection: 'test',
      action_format: format,
      approval: 'ask',
      limits: { steps: 25, seconds: null, tokens: null },
      context_tokens: null,
      price,
      kernel: ''
    });
  }

  reply(step: number, text: string, estimated = false): this {
    return this.add({
      kind: 'model_replied',
      step,
      seen_seq: this.state.seq,
      language: '',
      text,
      call: null,
      action_format: null,
      reasoning: '',
      finish_reason: 'stop',
      usage: {
        prompt_tokens: 900,
        completion_tokens: 100,
        cached_tokens: 0,
        estimated
      },
      seconds: 1
    });
  }

  propose(
    step: number,
    source: string,
    risks: string[] = [],
    risk_codes: Proposal['risk_codes'] = []
  ): this {
    return this.add({
      kind: 'approval_requested',
      step,
      cell_id: `k${step}`,
      after_cell_id: null,
      source,
      risks,
      risk_codes
    });
  }

  submit(step: number, source: string): this {
    return this.add({
      kind: 'cell_submitted',
      step,
      cell_id: `k${step}`,
      after_cell_id: null,
      source
    });
  }

  output(step: number, output: EventOf<'cell_output'>['output']): this {
    const index = this.state.cells[`k${step}`].outputs.length;
    return this.add({
      kind: 'cell_output',
      cell_id: `k${step}`,
      op: 'append',
      index,
      output
    });
  }

  finish(step: number, status: EventOf<'cell_finished'>['status']): this {
    return this.add({
      kind: 'cell_finished',
      step,
      cell_id: `k${step}`,
      status,
      execution_count: step,
      seconds: 0.84,
      problems: []
    });
  }

  /** A whole step: reply, cell, end. */
  step(
    step: number,
    source: string,
    status: EventOf<'cell_finished'>['status'] = 'ok'
  ): this {
    return this.reply(step, `\`\`\`python\n${source}\n\`\`\``)
      .submit(step, source)
      .finish(step, status);
  }

  end(
    reason: EventOf<'run_finished'>['reason'],
    fields: { answer?: string; detail?: string; run?: string } = {}
  ): this {
    return this.add({
      kind: 'run_finished',
      run_id: fields.run ?? 'r1',
      reason,
      answer: fields.answer ?? '',
      detail: fields.detail ?? '',
      usage: {
        prompt_tokens: 900,
        completion_tokens: 100,
        cached_tokens: 0,
        estimated: false
      }
    });
  }

  doing(state: Activity['state'], detail = '', told_seq = 0): this {
    const since = new Date().toISOString();
    this.activity = {
      kind: 'activity',
      state,
      since,
      detail,
      told_seq,
      retry_seconds: 0
    };
    this.liveChanged.emit();
    return this;
  }
}

/** The client side in memory: it records what the panel asks for, and fails when told to. */
export class Copilot implements ICodeAct {
  status: IStatus | null = STATUS;
  problem = '';
  binding: IBinding | null = {
    path: 'work/sales.ipynb',
    kernelName: 'Python 3',
    kernelStatus: 'idle'
  };
  elsewhere: string | null = null;
  current: Conversation | null = null;
  rows: ISummary[] = [];
  failure = '';
  bypassAgreed = false;
  get usualApproval(): ApprovalMode {
    return this.status?.approval ?? 'ask';
  }
  readonly asked: unknown[][] = [];
  readonly statusChanged = new Signal<this, void>(this);
  readonly currentChanged = new Signal<this, void>(this);

  get context(): IContextSwitches {
    return this._context;
  }
  set context(switches: IContextSwitches) {
    this._context = switches;
    this.statusChanged.emit();
  }

  get approval(): ApprovalMode {
    return this._approval;
  }
  set approval(mode: ApprovalMode) {
    this._approval = mode;
    this.statusChanged.emit();
  }

  send = (text: string, attachments: readonly Attachment[] = []) =>
    attachments.length > 0
      ? this._ask('send', text, attachments)
      : this._ask('send', text);
  stop = () => this._ask('stop');
  restartKernel = () => this._ask('restartKernel');
  continue = (steps: number) => this._ask('continue', steps);
  approve = (step: number, source?: string, all?: boolean) =>
    this._ask('approve', step, source, all);
  turn = () => this._ask('turn');
  reject = (step: number, note: string) => this._ask('reject', step, note);
  open = (id: string) => this._ask('open', id);
  refreshStatus = () => this._ask('refreshStatus');
  readonly connections = new StoredConnections((...call) => this._ask(...call));

  readonly history: IHistory = {
    list: async (all, search) => {
      await this._ask('list', all, search);
      return this.rows.filter(row => row.title.includes(search));
    },
    rename: (id, title) => this._ask('rename', id, title),
    remove: id => this._ask('remove', id),
    branch: (id, seq) => this._ask('branch', id, seq),
    restore: id => this._ask('restore', id),
    download: (id, format) => this._ask('download', id, format)
  };

  get answering(): IChoice | null {
    const { choices = [], connection = '' } = this.status?.model ?? {};
    const name = this._chosen || connection;
    return choices.find(choice => choice.name === name) ?? null;
  }

  choose(name: string): void {
    this.asked.push(['choose', name]);
    this._chosen = name;
    this.statusChanged.emit();
  }

  async goToCell(cellId: string): Promise<boolean> {
    await this._ask('goToCell', cellId);
    return false;
  }

  newConversation(): void {
    this.asked.push(['newConversation']);
  }

  /** What was asked for by that name. */
  calls(name: string): unknown[][] {
    return this.asked.filter(call => call[0] === name);
  }

  private _ask(...call: unknown[]): Promise<void> {
    this.asked.push(call);
    return this.failure
      ? Promise.reject(new Error(this.failure))
      : Promise.resolve();
  }

  private _approval: ApprovalMode = 'ask';
  private _chosen = '';
  private _context: IContextSwitches = { notebook: true, variables: true };
}

const trans = nullTranslator.load('jupyter_codeact');

/** JupyterLab's renderers and `more`, made safe as the panel does. */
export function rendermime(
  more: IRenderMime.IRendererFactory[] = []
): IServices['rendermime'] {
  const initialFactories = [...standardRendererFactories, ...more];
  return safeRenderMime(new RenderMimeRegistry({ initialFactories }), trans);
}

export function services(codeact: ICodeAct): IServices {
  return {
    codeact,
    panel: new PanelState(),
    material: null,
    commands: null,
    rendermime: rendermime(),
    editorServices: null,
    languages: null,
    trans
  };
}
