import { showErrorMessage } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { PanelLayout } from '@lumino/widgets';

import { CommandIDs, type ICodeAct, type IPreferences } from '../tokens';
import { FailureBar } from './failureBar';
import { failureOf } from './naming';
import { keepUp } from './upkeep';
import { askedSchema, askIn, isAsked, questionOf, type Wish } from './wishes';

export interface IFailuresOptions {
  commands: CommandRegistry;
  codeact: ICodeAct;
  tracker: INotebookTracker;
  preferences: IPreferences;
  trans: TranslationBundle;
}

/** Cells that failed can be fixed and explained: with commands, and with buttons on their tracebacks. */
export function addFailures(options: IFailuresOptions): void {
  const { commands, preferences, tracker, trans } = options;
  const failed = () =>
    tracker.activeCell && failureOf(tracker.activeCell.model);
  const add = (id: string, wish: Wish, label: string, caption: string) =>
    commands.addCommand(id, {
      label,
      caption,
      describedBy: { args: askedSchema(trans) },
      isEnabled: args => isAsked(args) || Boolean(failed()),
      isVisible: args => isAsked(args) || Boolean(failed()),
      execute: async args => {
        if (isAsked(args)) {
          return askIn(options, args, wish);
        }
        const { activeCell, currentWidget } = tracker;
        if (activeCell && currentWidget) {
          await ask(options, currentWidget, activeCell, wish);
        }
      }
    });
  add(
    CommandIDs.fixCell,
    'fix',
    trans.__('Fix the Failing Cell'),
    trans.__('Ask CodeAct to fix the cell that failed')
  );
  add(
    CommandIDs.explainCell,
    'explain',
    trans.__('Explain the Failure of the Cell'),
    trans.__('Ask CodeAct why the cell failed')
  );
  const again = keepUp(tracker, panel => {
    for (const cell of panel.content.widgets) {
      if (cell instanceof CodeCell && !cell.isPlaceholder()) {
        keepBars(options, panel, cell);
      }
    }
  });
  preferences.changed.connect(again);
}

/** Each traceback of `cell` has a bar where the user wants that. */
function keepBars(
  options: IFailuresOptions,
  panel: NotebookPanel,
  cell: CodeCell
): void {
  const wanted = options.preferences.isOn('showErrorButtons');
  cell.outputArea.widgets.forEach((item, index) => {
    const { layout } = item;
    if (!(layout instanceof PanelLayout)) {
      return;
    }
    const bar = layout.widgets.find(widget => widget instanceof FailureBar);
    const failed =
      index < cell.model.outputs.length &&
      cell.model.outputs.get(index).type === 'error';
    if (bar && !(wanted && failed)) {
      bar.dispose();
    } else if (!bar && wanted && failed) {
      item.addClass('jp-CodeAct-failed');
      layout.addWidget(
        new FailureBar(options.trans, wish => ask(options, panel, cell, wish))
      );
    }
  });
}

/** The conversation of the notebook is asked about the cell, which is the active one: what the model sees begins there. */
async function ask(
  { codeact, commands, trans }: IFailuresOptions,
  panel: NotebookPanel,
  cell: Cell,
  wish: Wish
): Promise<void> {
  const text = questionOf(cell.model, wish, trans);
  try {
    panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
    await codeact.turn();
    await commands.execute(CommandIDs.openPanel);
    await codeact.send(text);
  } catch (error) {
    await showErrorMessage(
      trans.__('The message did not reach the server'),
      error instanceof Error ? error.message : String(error)
    );
  }
}
