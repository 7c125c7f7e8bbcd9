import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';

import type { ICodeAct, IConversations } from '../tokens';
import type { LabNotebooks } from './notebooks';

/** A cell that asks the agent, by `%codeact` or `%%codeact`. */
const ASKS = /^[ \t]*%%?codeact\b/m;

/** The panel turns to the conversation that a cell of the notebook has asked in: the cell may have begun it. */
export function showAsked(options: {
  codeact: ICodeAct;
  conversations: IConversations;
  notebooks: LabNotebooks;
}): void {
  const { codeact, conversations, notebooks } = options;
  NotebookActions.executed.connect(async (_, { notebook, cell, success }) => {
    const panel = notebook.parent as NotebookPanel | null;
    if (!success || !panel || !ASKS.test(cell.model.sharedModel.source)) {
      return;
    }
    const id = await conversations.latest(notebooks.keyOf(panel));
    if (id !== null && id !== codeact.current?.id) {
      await codeact.open(id);
    }
  });
}
