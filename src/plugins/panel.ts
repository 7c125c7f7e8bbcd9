import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { NO_ARGUMENTS } from '../commands';
import { IMaterial } from '../material';
import { followMarks } from '../notebook/markClick';
import { CodeActPanel, codeactIcon } from '../panel';
import { addShowStep } from '../panel/showStep';
import { CommandIDs, ICodeAct, IComposer } from '../tokens';

/** Its place among the panels of the right side; Lab's own stand at 200 and above. */
const RANK = 100;

/** The side panel, and the commands that open it. */
export const panel: JupyterFrontEndPlugin<IComposer> = {
  id: 'jupyter_codeact:panel',
  description: 'Adds the CodeAct side panel.',
  autoStart: true,
  provides: IComposer,
  requires: [ICodeAct, IRenderMimeRegistry],
  optional: [
    IEditorServices,
    IEditorLanguageRegistry,
    INotebookTracker,
    ILayoutRestorer,
    ICommandPalette,
    ILabShell,
    IMaterial,
    ITranslator
  ],
  activate: (
    app,
    codeact: ICodeAct,
    rendermime: IRenderMimeRegistry,
    editorServices: IEditorServices | null,
    languages: IEditorLanguageRegistry | null,
    tracker: INotebookTracker | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    labShell: ILabShell | null,
    material: IMaterial | null,
    translator: ITranslator | null
  ) => {
    const { commands, shell } = app;
    const given = translator ?? nullTranslator;
    const trans = given.load('jupyter_codeact');
    const widget = new CodeActPanel({
      codeact,
      rendermime,
      editorServices,
      languages,
      material,
      commands,
      server: app.serviceManager.serverSettings.baseUrl,
      translator: given
    });
    shell.add(widget, 'right', { rank: RANK });
    restorer?.add(widget, widget.id);

    const open = () => {
      widget.showConversation();
      shell.activateById(widget.id);
    };
    commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Open CodeAct'),
      caption: trans.__('Ask about the open notebook'),
      icon: codeactIcon,
      describedBy: { args: NO_ARGUMENTS },
      execute: open
    });
    commands.addCommand(CommandIDs.togglePanel, {
      label: trans.__('Show or Hide CodeAct'),
      caption: trans.__('Show or hide CodeAct'),
      icon: codeactIcon,
      describedBy: { args: NO_ARGUMENTS },
      execute: () => {
        if (!labShell || !widget.isVisible || !hide(labShell, widget)) {
          open();
        }
      }
    });
    commands.addCommand(CommandIDs.connect, {
      label: trans.__('Connect a Model…'),
      caption: trans.__('Choose the model that CodeAct asks'),
      describedBy: { args: NO_ARGUMENTS },
      execute: () => {
        widget.showConnect();
        shell.activateById(widget.id);
      }
    });
    const added: string[] = [
      CommandIDs.openPanel,
      CommandIDs.togglePanel,
      CommandIDs.connect
    ];
    if (tracker) {
      const show = (step: number) => {
        widget.showStep(step);
        shell.activateById(widget.id);
      };
      addShowStep({ commands, codeact, tracker, trans, show });
      followMarks(tracker, () => void commands.execute(CommandIDs.showStep));
      added.push(CommandIDs.showStep);
    }
    const category = trans.__('CodeAct');
    for (const command of added) {
      palette?.addItem({ command, category });
    }
    return {
      compose: text => {
        open();
        // A question about this notebook is not one for another's run, whose draft stays where it is.
        void codeact.turn().then(() => widget.compose(text));
      }
    };
  }
};

/** The side in which `widget` stands is closed; false where it stands elsewhere and cannot be hidden. */
function hide(shell: ILabShell, widget: CodeActPanel): boolean {
  const isIn = (area: ILabShell.Area) =>
    Array.from(shell.widgets(area)).includes(widget);
  if (isIn('right')) {
    shell.collapseRight();
    return true;
  }
  if (isIn('left')) {
    shell.collapseLeft();
    return true;
  }
  return false;
}
