import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addAskAbout } from '../notebook/askAbout';
import { addFailures } from '../notebook/failures';
import { addPromptLines } from '../notebook/promptLine';
import { ICodeAct, IComposer, IPreferences } from '../tokens';

/** The ways from a notebook to a question. */
export const asking: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:asking',
  description:
    'Lets the user ask from the notebook: about failures, cells, outputs and selections, and below the last cell.',
  autoStart: true,
  requires: [ICodeAct, IComposer, INotebookTracker, IPreferences],
  optional: [ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    composer: IComposer,
    tracker: INotebookTracker,
    preferences: IPreferences,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    addFailures({ commands, codeact, tracker, preferences, trans });
    addAskAbout({ commands, composer, tracker, trans });
    addPromptLines(tracker, { composer, preferences, trans });
  }
};
