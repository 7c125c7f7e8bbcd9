import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { NO_ARGUMENTS } from '../commands';
import { CommandIDs, type IComposer } from '../tokens';
import { fenced, nameOf, outputText } from './naming';

export interface IAskAboutOptions {
  commands: CommandRegistry;
  composer: IComposer;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

/** What is selected, a cell and an output can be put into the composer, for a question about it. */
export function addAskAbout(options: IAskAboutOptions): void {
  const { commands, composer, tracker, trans } = options;
  const describedBy = { args: NO_ARGUMENTS };
  commands.addCommand(CommandIDs.askAboutSelection, {
    label: trans.__('Ask CodeAct About the Selection'),
    caption: trans.__('Put what is selected into the message to CodeAct'),
    describedBy,
    isEnabled: () => selection(tracker) !== '',
    isVisible: () => selection(tracker) !== '',
    execute: () => {
      const text = selection(tracker);
      const cell = tracker.activeCell?.model;
      const quoted = cell?.sharedModel.getSource().includes(text)
        ? [
            trans.__('About this part of %1:', nameOf(cell, trans)),
            fenced(text, languageOf(tracker))
          ]
        : [trans.__('About this:'), fenced(text)];
      composer.compose(quoted.join('\n\n'));
    }
  });
  commands.addCommand(CommandIDs.askAboutCell, {
    label: trans.__('Ask CodeAct About This Cell'),
    caption: trans.__('Name this cell in the message to CodeAct'),
    describedBy,
    isEnabled: () => tracker.activeCell !== null,
    execute: () => {
      const cell = tracker.activeCell?.model;
      if (cell) {
        composer.compose(trans.__('About %1: ', nameOf(cell, trans)));
      }
    }
  });
  const output = () =>
    tracker.activeCell ? outputText(tracker.activeCell.model) : '';
  commands.addCommand(CommandIDs.askAboutOutput, {
    label: trans.__('Ask CodeAct About This Output'),
    caption: trans.__('Put this output into the message to CodeAct'),
    describedBy,
    isEnabled: () => output() !== '',
    isVisible: () => output() !== '',
    execute: () => {
      const cell = tracker.activeCell?.model;
      if (cell) {
        const where = trans.__('About the output of %1:', nameOf(cell, trans));
        composer.compose(`${where}\n\n${fenced(output())}`);
      }
    }
  });
}

/** What is selected in the active cell's editor, else anywhere in the page; empty for nothing. */
function selection(tracker: INotebookTracker): string {
  const editor = tracker.activeCell?.editor;
  if (editor?.hasFocus()) {
    const { start, end } = editor.getSelection();
    const offsets = [editor.getOffsetAt(start), editor.getOffsetAt(end)];
    const [from, to] = offsets.sort((a, b) => a - b);
    return editor.model.sharedModel.getSource().slice(from, to);
  }
  return window.getSelection()?.toString() ?? '';
}

function languageOf(tracker: INotebookTracker): string {
  return tracker.currentWidget?.context.model.defaultKernelLanguage ?? '';
}
