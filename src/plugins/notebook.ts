import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { markCells } from '../notebook/cellMarks';
import { Mirrors } from '../notebook/mirrors';
import { IConversations } from '../tokens';

/** The settings of the whole extension. */
const SETTINGS = 'jupyter_codeact:plugin';

/** Writes what conversations did into the open notebooks. */
export const notebook: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:notebook',
  description: 'Writes the cells of conversations into the open notebooks.',
  autoStart: true,
  requires: [IConversations, INotebookTracker],
  optional: [ISettingRegistry],
  activate: async (
    app,
    conversations: IConversations,
    tracker: INotebookTracker,
    registry: ISettingRegistry | null
  ) => {
    let follows = false;
    markCells(tracker);
    new Mirrors(tracker, conversations, () => follows);
    const settings = await registry?.load(SETTINGS);
    const read = () => {
      follows = settings?.get('followRun').composite === true;
    };
    settings?.changed.connect(read);
    read();
  }
};
