import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { NO_ARGUMENTS } from '../commands';
import type { IMark } from '../notebook/marks';
import { markOf } from '../notebook/marks';
import type { ICodeAct } from '../tokens';
import { CommandIDs } from '../tokens';
import { codeactIcon } from './icons';

interface IOptions {
  commands: CommandRegistry;
  codeact: ICodeAct;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** Shows a step of the conversation that is shown. */
  show: (step: number) => void;
}

/** There is a command that leads from a cell of the agent back to its step in the panel. */
export function addShowStep(options: IOptions): void {
  const { commands, codeact, tracker, trans, show } = options;
  commands.addCommand(CommandIDs.showStep, {
    label: trans.__('Show in CodeAct'),
    caption: trans.__('Show the step of the conversation that made this cell'),
    icon: codeactIcon,
    describedBy: { args: NO_ARGUMENTS },
    isEnabled: () => activeMark(tracker) !== null,
    execute: async () => {
      const mark = activeMark(tracker);
      if (mark) {
        if (codeact.current?.id !== mark.conversation) {
          await codeact.open(mark.conversation);
        }
        show(mark.step);
      }
    }
  });
}

function activeMark(tracker: INotebookTracker): IMark | null {
  const cell = tracker.activeCell;
  return cell && markOf(cell.model);
}
