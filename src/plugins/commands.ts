import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addCommands } from '../commands';
import { CommandIDs, ICodeAct } from '../tokens';

/** The commands about the conversation that is shown. */
export const commands: JupyterFrontEndPlugin<void> = {
  id: 'jupyter_codeact:commands',
  description: 'Adds the commands about the conversation that is shown.',
  autoStart: true,
  requires: [ICodeAct],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app,
    codeact: ICodeAct,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyter_codeact');
    addCommands(app.commands, codeact, trans);
    const category = trans.__('CodeAct');
    for (const command of [
      CommandIDs.newConversation,
      CommandIDs.stop,
      CommandIDs.approveCell,
      CommandIDs.rejectCell,
      CommandIDs.fixCell,
      CommandIDs.explainCell,
      CommandIDs.askAboutSelection,
      CommandIDs.askAboutCell,
      CommandIDs.askAboutOutput
    ]) {
      palette?.addItem({ command, category });
    }
  }
};
