import type { IChoice } from '../connections';
import type { State } from '../events';
import type { ApprovalMode, IStatus } from '../tokens';

/** Stands for a conversation that has not begun. */
const NOT_BEGUN = '';

/** What the user chose to answer the next runs of a conversation, else what holds there. */
export class Choices {
  /** Which cells of the conversation wait, where the user did not say. */
  approval(state: State | null, status: IStatus | null): ApprovalMode {
    const offline = this.answering(state, status)?.offline;
    const usual =
      offline === undefined
        ? status?.approval
        : status?.approvals[offline ? 'offline' : 'model'];
    return usual ?? 'ask';
  }

  /** What answers next: chosen here, else what answered last, else what answers everywhere; null when it is none of these. */
  answering(state: State | null, status: IStatus | null): IChoice | null {
    const choices = status?.model.choices ?? [];
    const name = this._names.get(idOf(state)) ?? '';
    return (
      choices.find(choice => choice.name === name) ??
      lastOf(state, choices) ??
      choices.find(choice =>
        status?.model.offline
          ? choice.offline
          : choice.name === status?.model.connection
      ) ??
      null
    );
  }

  /** The connection of that name answers the conversation from its next run on. */
  choose(state: State | null, name: string): void {
    this._names.set(idOf(state), name);
  }

  /** What was chosen before the conversation began is chosen for it. */
  begin(id: string): void {
    const name = this._names.get(NOT_BEGUN);
    if (name !== undefined) {
      this._names.set(id, name);
      this._names.delete(NOT_BEGUN);
    }
  }

  /** The next conversation begins as every one does. */
  forget(): void {
    this._names.delete(NOT_BEGUN);
  }

  /** The connection that the user chose for the conversation, if any; the server knows the rest. */
  chosen(id: string): string | undefined {
    return this._names.get(id);
  }

  private readonly _names = new Map<string, string>();
}

function idOf(state: State | null): string {
  return state?.conversation_id ?? NOT_BEGUN;
}

/** What answered the conversation's latest run, if it can still be chosen. */
function lastOf(state: State | null, choices: IChoice[]): IChoice | undefined {
  const last = state?.runs[state.runs.length - 1];
  return (
    last &&
    (choices.find(choice => choice.offline && choice.model === last.model) ??
      choices.find(choice => choice.name === last.connection))
  );
}
