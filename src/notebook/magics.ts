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
  /** Where the conversation cannot be had, the panel says why. */
  const show = async (panel: NotebookPanel) => {
    try {
      const id = await conversations.latest(notebooks.keyOf(panel));
      if (id !== null && id !== codeact.current?.id) {
        await codeact.open(id);
      }
    } catch {
      return;
    }
  };
  NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    const panel = notebook.parent as NotebookPanel | null;
    if (success && panel && ASKS.test(cell.model.sharedModel.source)) {
      void show(panel);
    }
  });
}
