import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Api } from '../client/api';
import { IMaterial } from '../material';
import { LabMaterial } from '../notebook/material';
import { ICodeAct } from '../tokens';

/** What a message can name and take along. */
export const material: JupyterFrontEndPlugin<IMaterial> = {
  id: 'jupyter_codeact:material',
  description:
    'Offers the variables, cells and files of the bound notebook to messages.',
  autoStart: true,
  provides: IMaterial,
  requires: [ICodeAct, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ) => {
    const { contents, serverSettings } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    const api = new Api(serverSettings);
    return new LabMaterial({ api, codeact, contents, tracker, trans });
  }
};
