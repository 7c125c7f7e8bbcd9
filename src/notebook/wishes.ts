import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import type { ICodeAct } from '../tokens';
import { failureOf, nameOf } from './naming';

/** What is asked about a cell. */
export type Wish = 'fix' | 'explain';

/** A wish that was written: about which notebook, and in which words. */
interface IAskedIn extends ReadonlyPartialJSONObject {
  notebook: string;
  words?: string;
}

/** The arguments of the commands; without any they are about the active cell, which failed. */
export function askedSchema(trans: TranslationBundle): ReadonlyJSONObject {
  return {
    type: 'object',
    properties: {
      notebook: {
        type: 'string',
        description: trans.__(
          'The path of an open notebook: its cell that failed, else its active cell, is meant'
        )
      },
      words: {
        type: 'string',
        description: trans.__('What to add to the message')
      }
    }
  };
}

export function isAsked(args: ReadonlyPartialJSONObject): args is IAskedIn {
  return typeof args['notebook'] === 'string';
}

/** The conversation that is shown is asked about a cell of the notebook. Rejects with an `Error` in words. */
export async function askIn(
  options: {
    codeact: Pick<ICodeAct, 'send'>;
    tracker: INotebookTracker;
    trans: TranslationBundle;
  },
  { notebook, words = '' }: IAskedIn,
  wish: Wish
): Promise<void> {
  const { codeact, tracker, trans } = options;
  const panel = tracker.find(each => each.context.path === notebook);
  const cell = panel && cellFor(panel);
  if (!panel || !cell) {
    throw new Error(trans.__('%1 is not open, or has no cells.', notebook));
  }
  panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
  const question = questionOf(cell.model, wish, trans);
  await codeact.send(words ? `${question} ${words}` : question);
}

/** What the conversation is asked about the cell. */
export function questionOf(
  cell: ICellModel,
  wish: Wish,
  trans: TranslationBundle
): string {
  const name = nameOf(cell, trans);
  const failure = failureOf(cell);
  if (failure === null) {
    return wish === 'fix'
      ? trans.__('Find what is wrong with %1, and fix it.', name)
      : trans.__('Explain what %1 does. Change nothing.', name);
  }
  return wish === 'fix'
    ? trans.__('Fix %1, which fails with `%2`.', name, failure)
    : trans.__(
        'Explain why %1 fails with `%2`. Change nothing.',
        name,
        failure
      );
}

/** The active cell where it failed, else the last that failed, else the active one. */
function cellFor({ content }: NotebookPanel): Cell | null {
  const { activeCell, widgets } = content;
  const failed = widgets.filter(({ model }) => failureOf(model) !== null);
  return activeCell && failed.includes(activeCell)
    ? activeCell
    : (failed[failed.length - 1] ?? activeCell);
}
