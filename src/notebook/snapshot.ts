import type { IOutput } from '@jupyterlab/nbformat';

import type { SentCell, SentNotebook } from '../client/notebooks';

/** Characters of sources and outputs that a message takes along; the server chooses from them what the model is shown. */
export const SNAPSHOT_CHARS = 400000;

/** A cell of the notebook; what it put out is asked for only when it is sent. */
export type OpenCell = Omit<SentCell, 'outputs'> & { outputs: () => IOutput[] };

/**
 * What of the notebook is sent with a message, in the notebook's order.
 *
 * Cells are taken from the active one outwards, so that what is left out, where they hold more than `chars` characters
 * together, is what is furthest from where the user works. The last cell that is taken may be cut.
 */
export function snapshot(
  path: string,
  cells: readonly OpenCell[],
  activeCellId: string | null,
  chars: number = SNAPSHOT_CHARS
): SentNotebook {
  const active = cells.findIndex(cell => cell.cell_id === activeCellId);
  const center = active < 0 ? cells.length - 1 : active;
  const distance = (index: number) => Math.abs(index - center);
  const order = [...cells.keys()].sort((a, b) => distance(a) - distance(b));
  const taken = new Map<number, SentCell>();
  let left = chars;
  for (const index of order) {
    const cell = cells[index];
    const source = cell.source.slice(0, left);
    left -= cell.source.length;
    const outputs = left > 0 ? cell.outputs() : [];
    left -= outputs.length > 0 ? JSON.stringify(outputs).length : 0;
    taken.set(index, { ...cell, source, outputs });
    if (left <= 0) {
      break;
    }
  }
  return {
    path,
    cells: cells.flatMap((_, index) => taken.get(index) ?? []),
    active_cell_id: active < 0 ? null : activeCellId,
    cells_left_out: cells.length - taken.size
  };
}
