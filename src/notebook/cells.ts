import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { Cell, State } from '../events';

/** Where a cell belongs. */
export interface IPlaced {
  cell_id: string;
  after_cell_id: string | null;
}

/** The index of the cell with that id, or -1; the agent's are near the end more often than not. */
export function indexOfCell(notebook: INotebookModel, id: string): number {
  const { cells } = notebook;
  for (let index = cells.length - 1; index >= 0; index--) {
    if (cells.get(index).id === id) {
      return index;
    }
  }
  return -1;
}

/** The file of `notebook` holds the ids of its cells, which notebooks have since format 4.5. */
export function keepIds(notebook: INotebookModel): void {
  if (notebook.nbformat === 4 && notebook.nbformatMinor < 5) {
    const format: { nbformat_minor: number } = notebook.sharedModel;
    format.nbformat_minor = 5;
  }
}

export function findCell(
  notebook: INotebookModel,
  id: string
): ICellModel | null {
  const index = indexOfCell(notebook, id);
  return index < 0 ? null : notebook.cells.get(index);
}

/** The index for `cell`: after the cell that it names, else after the conversation's last cell before it, else the end. */
export function placeFor(
  notebook: INotebookModel,
  state: State,
  cell: IPlaced
): number {
  if (cell.after_cell_id !== null) {
    const ids = state.steps.map(step => step.cell_id ?? step.proposal?.cell_id);
    const own = ids.lastIndexOf(cell.cell_id);
    const earlier = ids.slice(0, own).reverse();
    for (const id of [cell.after_cell_id, ...earlier]) {
      const index = id ? indexOfCell(notebook, id) : -1;
      if (index >= 0) {
        return index + 1;
      }
    }
  }
  return notebook.cells.length;
}

/** Whether the user ran `cell` again: its number is neither none nor the agent's. */
export function wasRunAgain(model: ICodeCellModel, cell: Cell): boolean {
  const count = model.executionCount;
  return count !== null && count !== cell.execution_count;
}

/** Prompt and timing are those that JupyterLab shows while a cell runs, and after it. */
export function projectStatus(model: ICodeCellModel, cell: Cell): void {
  if (cell.status === 'running') {
    model.executionState = 'running';
    return;
  }
  model.executionCount = cell.execution_count;
  model.executionState = 'idle';
  const times = executionTimes(cell);
  if (times) {
    model.setMetadata('execution', times);
  } else {
    model.deleteMetadata('execution');
  }
}

/** `metadata.execution` as `documents/document.py` makes it; null where the times are not known. */
function executionTimes(cell: Cell): Record<string, string> | null {
  const ran = ['ok', 'error', 'interrupted'].includes(cell.status);
  if (!ran || !cell.finished_at) {
    return null;
  }
  const end = Date.parse(cell.finished_at);
  const finished = new Date(end).toISOString();
  const started = new Date(end - Math.round(cell.seconds * 1000)).toISOString();
  return {
    'iopub.execute_input': started,
    'iopub.status.busy': started,
    'iopub.status.idle': finished,
    'shell.execute_reply': finished
  };
}
