import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { StatusItem } from '../status/statusItem';
import { CommandIDs, ICodeAct, IConversations } from '../tokens';

/** Its place in the status bar: higher is nearer to the middle. */
const RANK = 50;

/** What the copilot does, in the status bar. */
export const status: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:status',
  description: 'Shows in the status bar whether runs go on or wait.',
  autoStart: true,
  requires: [ICodeAct, IConversations],
  optional: [IStatusBar, ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    conversations: IConversations,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    statusBar?.registerStatusItem('jupyter_codeact:status', {
      item: new StatusItem({
        conversations,
        trans,
        onOpen: model => {
          void app.commands.execute(CommandIDs.openPanel);
          if (model && model !== codeact.current) {
            void codeact.open(model.id);
          }
        }
      }),
      align: 'left',
      rank: RANK
    });
  }
};
