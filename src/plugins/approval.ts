import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addApproval } from '../notebook/approval';
import { addProposalBars } from '../notebook/proposals';
import { ICodeAct, IConversations } from '../tokens';

/** Proposed cells can be approved and rejected in the notebook. */
export const approval: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:approval',
  description: 'Lets the user approve proposed cells in the notebook.',
  autoStart: true,
  requires: [ICodeAct, IConversations, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    conversations: IConversations,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    addApproval({ commands, codeact, tracker, trans });
    addProposalBars(tracker, { codeact, conversations, trans });
  }
};
