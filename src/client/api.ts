import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

import type { Attachment, State } from '../events';
import type { IVariables } from '../material';
import type {
  ApprovalMode,
  ExportFormat,
  IContextSwitches,
  ISeenCell,
  IStatus,
  ISummary
} from '../tokens';
import { nameOf, save } from './download';
import type { SentNotebook } from './notebooks';
import { NAMESPACE, request, respond } from './request';

/** Of how many conversations one command says that their notebook was moved. */
const MOST_MOVED = 500;

/** What `POST conversations/{id}/messages` takes. */
export interface IMessage {
  message_id: string;
  text: string;
  kernel_id: string;
  notebook: SentNotebook;
  attachments: readonly Attachment[];
  context: IContextSwitches;
  approval?: ApprovalMode;
  /** The name of a connection, or "offline"; absent: what answered last. */
  model?: string;
  client?: string;
}

/** What `POST conversations/{id}/decisions` takes; `source` only with an edit, `approval` for the rest of the run. */
export interface IDecision {
  decision_id: string;
  step: number;
  decision: 'approve' | 'edit' | 'reject';
  source?: string;
  note?: string;
  approval?: ApprovalMode;
}

/** What `POST conversations/{id}/continue` takes. */
export interface IContinuation {
  continue_id: string;
  steps: number;
  approval?: ApprovalMode;
  /** The name of a connection, or "offline"; absent: what answered last. */
  model?: string;
  client?: string;
}

/** The server extension's routes. Every command carries an id of the page's making: sent twice, it acts once. */
export class Api {
  constructor(readonly settings: ServerConnection.ISettings) {}

  status(): Promise<IStatus> {
    return request(this.settings, 'status');
  }

  /** The conversations of the notebook at `path`, or all; those only that have all words of `search`. */
  list(path?: string, search = ''): Promise<ISummary[]> {
    const query = URLExt.objectToQueryString({
      ...(path !== undefined && { notebook: path }),
      ...(search && { search })
    });
    return request(this.settings, `conversations${query}`);
  }

  /** The id of a new conversation about the notebook at `path`. */
  async create(path: string, kernelId: string): Promise<string> {
    const answer = await request<{ conversation_id: string }>(
      this.settings,
      'conversations',
      'POST',
      { notebook_path: path, kernel_id: kernelId }
    );
    return answer.conversation_id;
  }

  /** Whether any of the conversations, which the notebook has a record of, is about it now: it was moved to `path`. */
  async moved(path: string, conversations: string[]): Promise<boolean> {
    const { moved } = await request<{ moved: string[] }>(
      this.settings,
      'moved',
      'POST',
      { notebook_path: path, conversations: conversations.slice(-MOST_MOVED) }
    );
    return moved.length > 0;
  }

  /** The id of a new conversation that goes on before message `seq` of `id`. */
  async branch(id: string, seq: number): Promise<string> {
    const answer = await request<{ conversation_id: string }>(
      this.settings,
      'conversations',
      'POST',
      {
        conversation_id: UUID.uuid4(),
        branch: { conversation_id: id, seq }
      }
    );
    return answer.conversation_id;
  }

  /** The folded state, and whether a run is live. */
  conversation(id: string): Promise<State & { live: boolean }> {
    return request(this.settings, conversation(id));
  }

  async rename(id: string, title: string): Promise<void> {
    await request(this.settings, conversation(id), 'PATCH', { title });
  }

  /** It can be restored for a while. */
  async remove(id: string): Promise<void> {
    const query = URLExt.objectToQueryString({ undo: '1' });
    await request(this.settings, `${conversation(id)}${query}`, 'DELETE');
  }

  async restore(id: string): Promise<void> {
    await request(this.settings, `${conversation(id)}/restore`, 'POST', {});
  }

  /** What the kernel holds; it is waited for some seconds. */
  variables(kernelId: string): Promise<IVariables> {
    const query = URLExt.objectToQueryString({ kernel_id: kernelId });
    return request(this.settings, `variables${query}`);
  }

  send(id: string, body: IMessage): Promise<{ seq: number; run_id: string }> {
    return request(this.settings, `${conversation(id)}/messages`, 'POST', body);
  }

  /** The message that waits says something else. */
  async revise(id: string, messageId: string, text: string): Promise<void> {
    const body = { revision_id: UUID.uuid4(), text };
    await request(this.settings, message(id, messageId), 'PATCH', body);
  }

  /** The message that waits is taken back. */
  async withdraw(id: string, messageId: string): Promise<void> {
    await request(this.settings, message(id, messageId), 'DELETE');
  }

  async decide(id: string, body: IDecision): Promise<void> {
    await request(this.settings, `${conversation(id)}/decisions`, 'POST', body);
  }

  /** What the page has of cells that the agent ran; only what is news has an effect. */
  async report(
    id: string,
    changeId: string,
    cells: readonly ISeenCell[]
  ): Promise<void> {
    const body = { change_id: changeId, cells };
    await request(this.settings, `${conversation(id)}/changes`, 'POST', body);
  }

  async stop(id: string, stopId: string): Promise<void> {
    await request(this.settings, `${conversation(id)}/stop`, 'POST', {
      stop_id: stopId
    });
  }

  async continue(id: string, body: IContinuation): Promise<void> {
    await request(this.settings, `${conversation(id)}/continue`, 'POST', body);
  }

  /** The browser saves the conversation in that form. */
  async download(id: string, format: ExportFormat): Promise<void> {
    const query = URLExt.objectToQueryString({ format });
    const response = await respond(
      this.settings,
      `${conversation(id)}/export${query}`
    );
    const name = nameOf(response.headers.get('Content-Disposition'));
    save(await response.blob(), name || `conversation.${format}`);
  }

  /** Where the websocket of `id` sends what comes after `after` to the follower named `client`. */
  followUrl(id: string, after: number, client: string): string {
    const { appendToken, token, wsUrl } = this.settings;
    const query = { after: String(after), client };
    return (
      URLExt.join(wsUrl, NAMESPACE, conversation(id), 'follow') +
      URLExt.objectToQueryString(
        appendToken && token ? { ...query, token } : query
      )
    );
  }
}

function message(id: string, messageId: string): string {
  return `${conversation(id)}/messages/${encodeURIComponent(messageId)}`;
}

function conversation(id: string): string {
  return `conversations/${encodeURIComponent(id)}`;
}
