import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { markCells } from '../notebook/cellMarks';
import { Mirrors } from '../notebook/mirrors';
import { explainMarks } from '../notebook/provenance';
import { IConversations, IPreferences } from '../tokens';

/** Writes what conversations did into the open notebooks. */
export const notebook: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:notebook',
  description: 'Writes the cells of conversations into the open notebooks.',
  autoStart: true,
  requires: [IConversations, INotebookTracker, IPreferences],
  optional: [ITranslator],
  activate: (
    app,
    conversations: IConversations,
    tracker: INotebookTracker,
    preferences: IPreferences,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    markCells(tracker, preferences);
    explainMarks(tracker, conversations, trans);
    new Mirrors(tracker, conversations, () => preferences.isOn('followRun'));
  }
};
