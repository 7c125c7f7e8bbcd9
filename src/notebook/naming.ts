import type { ICellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';

import { visible } from '../panel/words';

/** Characters of an output, or of an error's words, that a message quotes. */
const QUOTED_CHARS = 2000;
const ERROR_CHARS = 200;

/** What a message calls the cell: its number where it has one, and the id that the model knows it by. */
export function nameOf(cell: ICellModel, trans: TranslationBundle): string {
  const count = isCodeCellModel(cell) ? cell.executionCount : null;
  return count === null
    ? trans.__('cell `%1`', cell.id)
    : trans.__('cell [%1] (`%2`)', count, cell.id);
}

/** The failure of the cell in one line, or null for a cell that did not fail. */
export function failureOf(cell: ICellModel): string | null {
  const error = outputsOf(cell).find(each => each.output_type === 'error');
  if (!error) {
    return null;
  }
  const value = String(error.evalue ?? '').split('\n')[0];
  const name = String(error.ename ?? '');
  return visible(value ? `${name}: ${value}` : name).slice(0, ERROR_CHARS);
}

/** What the cell put out that is text; empty for none. */
export function outputText(cell: ICellModel): string {
  return outputsOf(cell)
    .map(output => {
      const data = output.data as Record<string, unknown> | undefined;
      const text = output.text ?? data?.['text/plain'];
      return output.output_type === 'error'
        ? `${String(output.ename)}: ${String(output.evalue)}`
        : Array.isArray(text)
          ? text.join('')
          : String(text ?? '');
    })
    .filter(text => text !== '')
    .join('\n')
    .slice(0, QUOTED_CHARS);
}

/** `text` between fences that nothing in it can close. */
export function fenced(text: string, language = ''): string {
  const ticks = Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...ticks.map(length => length + 1)));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}\n`;
}

function outputsOf(cell: ICellModel): IOutput[] {
  return isCodeCellModel(cell) ? cell.outputs.toJSON() : [];
}
