import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Api } from '../client/api';
import { CodeAct } from '../client/codeact';
import { showAsked } from '../notebook/magics';
import { LabNotebooks } from '../notebook/notebooks';
import { ICodeAct, IConversations } from '../tokens';

/** The copilot of the open notebook, without a user interface. */
export const service: JupyterFrontEndPlugin<ICodeAct> = {
  id: 'jupyter_codeact:service',
  description: 'Provides the copilot of the open notebook to other plugins.',
  autoStart: true,
  provides: ICodeAct,
  requires: [IConversations, INotebookTracker, IDocumentManager],
  optional: [IDefaultFileBrowser, ITranslator],
  activate: (
    app,
    conversations: IConversations,
    tracker: INotebookTracker,
    documents: IDocumentManager,
    browser: IDefaultFileBrowser | null,
    translator: ITranslator | null
  ) => {
    const { kernelspecs, serverSettings } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    const notebooks = new LabNotebooks({
      tracker,
      documents,
      kernelspecs,
      browser,
      activate: id => app.shell.activateById(id),
      trans
    });
    const api = new Api(serverSettings);
    const codeact = new CodeAct(api, conversations, notebooks, trans);
    showAsked({ codeact, conversations, notebooks });
    return codeact;
  }
};
