import { showErrorMessage } from '@jupyterlab/apputils';
import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, runIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { NO_ARGUMENTS } from '../commands';
import { CommandIDs, type ICodeAct } from '../tokens';
import { PROPOSED_CLASS } from './cellMarks';
import { decideOn } from './decide';
import { markOf, METADATA_KEY } from './marks';

/** What runs a cell in JupyterLab; on a proposed cell it approves. */
const RUN_KEYS = ['Shift Enter', 'Ctrl Enter', 'Accel Enter', 'Alt Enter'];

/** Nearer to the key than the notebook's own bindings, or more specific: these win. */
const SELECTORS = [
  `.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) .${PROPOSED_CLASS}.jp-mod-active:focus`,
  `.jp-Notebook.jp-mod-editMode .${PROPOSED_CLASS}`
];

/** What the approval of cells in the notebook needs. */
export interface IApprovalOptions {
  commands: CommandRegistry;
  codeact: ICodeAct;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

/** The proposed cell can be approved and rejected where it stands. */
export function addApproval(options: IApprovalOptions): void {
  const { commands, tracker, trans } = options;
  const active = () => {
    const cell = tracker.activeCell;
    return cell && markOf(cell.model)?.proposed ? cell : null;
  };
  commands.addCommand(CommandIDs.approveCell, {
    label: trans.__('Run the Proposed Cell'),
    caption: trans.__('Run the proposed cell as it stands'),
    icon: runIcon,
    describedBy: { args: NO_ARGUMENTS },
    isEnabled: () => active() !== null,
    isVisible: () => active() !== null,
    execute: async () => {
      const panel = tracker.currentWidget;
      await decide(options, active(), step => options.codeact.approve(step));
      if (panel) {
        panel.content.mode = 'command'; // as after running a cell
      }
    }
  });
  commands.addCommand(CommandIDs.rejectCell, {
    label: trans.__('Reject the Proposed Cell'),
    caption: trans.__('Remove the proposed cell without running it'),
    icon: closeIcon,
    describedBy: { args: NO_ARGUMENTS },
    isEnabled: () => active() !== null,
    isVisible: () => active() !== null,
    execute: () =>
      decide(options, active(), step => options.codeact.reject(step, ''))
  });
  for (const selector of SELECTORS) {
    for (const keys of RUN_KEYS) {
      commands.addKeyBinding({
        command: CommandIDs.approveCell,
        keys: [keys],
        selector
      });
    }
  }
  const refresh = () => {
    commands.notifyCommandChanged(CommandIDs.approveCell);
    commands.notifyCommandChanged(CommandIDs.rejectCell);
  };
  let watched: ICellModel | null = null;
  tracker.activeCellChanged.connect((_, cell) => {
    watched?.metadataChanged.disconnect(refresh);
    watched = cell?.model ?? null;
    watched?.metadataChanged.connect(refresh); // the mark goes when it was decided
    refresh();
  });
  NotebookActions.executionScheduled.connect((_, { cell }) => {
    void withdraw(options, cell);
  });
}

/** A decision about the step that proposed `cell`; what fails is told in a dialog. */
async function decide(
  { codeact, trans }: IApprovalOptions,
  cell: Cell | null,
  act: (step: number) => Promise<void>
): Promise<void> {
  const mark = cell && markOf(cell.model);
  if (!mark) {
    return;
  }
  try {
    await decideOn(codeact, mark, act);
  } catch (error) {
    await showErrorMessage(
      trans.__('The decision did not reach the server'),
      error instanceof Error ? error.message : String(error)
    );
  }
}

/** A proposed cell that was run by other means is the user's now: approving it as well would run it twice. */
async function withdraw(options: IApprovalOptions, cell: Cell): Promise<void> {
  const mark = markOf(cell.model);
  if (!mark?.proposed) {
    return;
  }
  const decided = decide(options, cell, step =>
    options.codeact.reject(step, options.trans.__('I ran the cell myself.'))
  );
  cell.model.deleteMetadata(METADATA_KEY);
  await decided;
}
