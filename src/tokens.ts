import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { Token } from '@lumino/coreutils';

import type { IChoice, IConnections } from './connections';
import type { Activity, Attachment, Limits, State } from './events';
import type { IHistory } from './history';

/** The ids of the commands that this extension adds. */
export namespace CommandIDs {
  export const openPanel = 'codeact:open-panel';
  export const newConversation = 'codeact:new-conversation';
  export const stop = 'codeact:stop';
  export const goToCell = 'codeact:go-to-cell';
  export const showStep = 'codeact:show-step';
  export const connect = 'codeact:connect-model';
  export const togglePanel = 'codeact:toggle-panel';
  export const approveCell = 'codeact:approve-cell';
  export const rejectCell = 'codeact:reject-cell';
  export const fixCell = 'codeact:fix-cell';
  export const explainCell = 'codeact:explain-cell';
  export const askAboutSelection = 'codeact:ask-about-selection';
  export const askAboutCell = 'codeact:ask-about-cell';
  export const askAboutOutput = 'codeact:ask-about-output';
}

/** What `GET status` answers. */
export interface IStatus {
  version: string;
  model: {
    name: string;
    connection: string;
    ready: boolean;
    problem: string;
    offline: boolean;
    /** Whether the administrator has said who answers. */
    fixed: boolean;
    /** What can be chosen for a conversation. */
    choices: IChoice[];
  };
  approval: ApprovalMode;
  /** The approval that holds where the user chose none, by who answers. */
  approvals: { offline: ApprovalMode; model: ApprovalMode };
  approval_floor: ApprovalMode;
  limits: Limits;
  attachments: IAttachmentLimits;
  document_writer: 'browser' | 'server';
}

/** What can go with one message: how many things, and the bytes of each. */
export interface IAttachmentLimits {
  most: number;
  file_bytes: number;
  image_bytes: number;
}

export type ApprovalMode = 'ask' | 'ask-if-risky' | 'auto';

/** The forms in which a conversation can be saved. */
export type ExportFormat =
  'ipynb' | 'markdown' | 'jsonl' | 'openai' | 'codeactinstruct';

/** One row of `GET conversations`. */
export interface ISummary {
  conversation_id: string;
  title: string;
  notebook_path: string;
  started_at: string;
  updated_at: string;
  live: boolean;
  /** The conversation that this one is a branch of, or the empty string. */
  branched_from: string;
  /** After a search the text around what was found, on one line; empty where the title says it. */
  found?: string;
}

/** What of the notebook and its kernel the model is shown with a message. */
export interface IContextSwitches {
  readonly notebook: boolean;
  readonly variables: boolean;
}

/** A cell that the agent ran, as the page has it; `source` null: it was deleted. */
export interface ISeenCell {
  cell_id: string;
  source: string | null;
}

/** The reply that is being streamed now. */
export interface IPartialReply {
  step: number;
  text: string;
  reasoning: string;
  /** Whether the endpoint cut it off: it is asked for again, and nothing of it counts. */
  voided?: boolean;
}

/** One conversation, kept current by following its journal; reconnects by itself. */
export interface IConversationModel extends IDisposable {
  readonly id: string;
  /** Folded from the durable events; treat as read-only. */
  readonly state: State;
  /** Streamed and not durable yet, or null. */
  readonly partial: IPartialReply | null;
  /** What the run is doing; null until the server has said so. `idle`: no run is live. */
  readonly activity: Activity | null;
  /** Whether the websocket is open. */
  readonly connected: boolean;
  /** Why the latest events are not on the server's disk; empty while they are. */
  readonly unsaved: string;
  /** Why the server cannot write the latest cells into the notebook; empty while it can. */
  readonly unwritten: string;
  /** Why the conversation can be read only; empty while it can be continued. */
  readonly readOnly: string;
  /** Where the user logs in, when the server does not know them any more; empty while it does. */
  readonly loginUrl: string;
  /** Whether this page writes the notebook. */
  readonly writes: boolean;
  /** Whether the server writes the notebook, which the pages share. */
  readonly serverWrites: boolean;
  /** Whether outputs of cells that ran by themselves may act as trusted ones. */
  readonly trusted: boolean;
  trust(): void;
  /** Tells the server what became of cells that the agent ran. */
  report(cells: readonly ISeenCell[]): Promise<void>;
  /** The message, which waits for the next step of a live run, says `text`. Rejects in words when it waits no more. */
  revise(messageId: string, text: string): Promise<void>;
  /** The message, which waits for the next step of a live run, is taken back. Rejects as `revise`. */
  withdraw(messageId: string): Promise<void>;
  /** A durable event was folded in. */
  readonly stateChanged: ISignal<IConversationModel, void>;
  /** Anything of the above that does not follow from durable events changed. */
  readonly liveChanged: ISignal<IConversationModel, void>;
}

/** The conversations that this page follows. */
export interface IConversations {
  /** What this page is called where the server gives out the right to write a notebook. */
  readonly client: string;
  readonly followed: readonly IConversationModel[];
  /** A conversation is followed from now on. */
  readonly opened: ISignal<IConversations, IConversationModel>;
  /**
   * The id of the latest conversation about the notebook at `path`, or null. Those that the notebook has a record of are
   * about it from now on, if it was moved.
   */
  latest(path: string, recorded?: readonly string[]): Promise<string | null>;
  /** Follows the conversation until `letGo` was called as often as this, and longer while a run is live. */
  hold(id: string): Promise<IConversationModel>;
  letGo(id: string): void;
  /** The conversation is followed no more, whoever holds it. */
  drop(id: string): void;
}

/** The notebook that the panel is bound to. */
export interface IBinding {
  path: string;
  kernelName: string;
  kernelStatus: string;
}

/** The client side of the copilot: which conversation is shown, and the commands of the user. */
export interface ICodeAct {
  readonly status: IStatus | null;
  /** Why the server extension does not answer, or the empty string. */
  readonly problem: string;
  readonly statusChanged: ISignal<ICodeAct, void>;

  /** The notebook that is bound (a live run keeps it; idle follows the active notebook), or null. */
  readonly binding: IBinding | null;
  /** The path of the notebook that the user works in where the conversation that is shown is about another; else null. */
  readonly elsewhere: string | null;
  /** The conversation that is shown, or null when there is none for the notebook yet. */
  readonly current: IConversationModel | null;
  /** `current`, `binding` or `elsewhere` changed. */
  readonly currentChanged: ISignal<ICodeAct, void>;

  /** The mode that the next run will have; a choice of the user holds for the conversation that is shown. */
  approval: ApprovalMode;
  /** What answers the next run of the conversation that is shown; null when that is not for the user to choose. */
  readonly answering: IChoice | null;
  /** The connection of that name answers the conversation that is shown, from its next run on. */
  choose(name: string): void;
  /** What the model is shown with the next messages of the conversation. */
  context: IContextSwitches;
  /** The mode of the next run where the user chose none. */
  readonly usualApproval: ApprovalMode;
  /** Whether the user has agreed that cells of this conversation run without asking. */
  readonly bypassAgreed: boolean;

  /** Sends a message; makes a notebook and a conversation when there is none. Rejects with an `Error` in words. */
  send(text: string, attachments?: readonly Attachment[]): Promise<void>;
  /** Stops the run; once more, it interrupts a cell again that did not react. */
  stop(): Promise<void>;
  /** Restarts the kernel of the conversation that is shown; its variables are lost. */
  restartKernel(): Promise<void>;
  continue(steps: number): Promise<void>;
  /**
   * Approves what the proposed cell holds now (an edit of it, if it was edited), or the given source; with `all`, also
   * what is proposed in the rest of the conversation.
   */
  approve(step: number, source?: string, all?: boolean): Promise<void>;
  reject(step: number, note: string): Promise<void>;
  /** The next message begins a new conversation. */
  newConversation(): void;
  /** Shows the conversation of the active notebook, even while a run of another one is live. */
  turn(): Promise<void>;
  open(conversationId: string): Promise<void>;
  /** Shows and selects the cell in its notebook; false when it is not there any more. */
  goToCell(cellId: string): Promise<boolean>;

  refreshStatus(): Promise<void>;
  readonly connections: IConnections;
  readonly history: IHistory;
}

export const ICodeAct = new Token<ICodeAct>(
  'jupyter_codeact:ICodeAct',
  'The copilot of the open notebook: its conversation and the commands of the user.'
);

export const IConversations = new Token<IConversations>(
  'jupyter_codeact:IConversations',
  'The conversations that this page follows, shown or not.'
);

/** Where the user writes messages. */
export interface IComposer {
  /** `text` stands where the user writes, after what stands there already, and can be seen; nothing is sent. */
  compose(text: string): void;
}

export const IComposer = new Token<IComposer>(
  'jupyter_codeact:IComposer',
  'Where the user writes messages to the copilot: hand it a text to begin with.'
);

/** What the user can switch on and off in the settings. */
export type Preference =
  | 'followRun'
  | 'showProvenance'
  | 'showPromptLine'
  | 'showErrorButtons'
  | 'notify';

/** The user's settings of this extension. */
export interface IPreferences {
  isOn(preference: Preference): boolean;
  readonly changed: ISignal<IPreferences, void>;
}

export const IPreferences = new Token<IPreferences>(
  'jupyter_codeact:IPreferences',
  'What the user switched on and off in the settings of the copilot.'
);
