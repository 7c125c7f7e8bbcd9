import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addApproval } from '../notebook/approval';
import { ICodeAct } from '../tokens';

/** Proposed cells can be approved and rejected in the notebook. */
export const approval: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:approval',
  description: 'Lets the user approve proposed cells in the notebook.',
  autoStart: true,
  requires: [ICodeAct, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ) =>
    addApproval({
      commands: app.commands,
      codeact,
      tracker,
      trans: (translator ?? nullTranslator).load('jupyter_codeact')
    })
};
