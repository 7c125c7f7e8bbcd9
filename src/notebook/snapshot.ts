import type { CellSource, NotebookContext } from '../events';

/** Characters of source that a message takes along: about 10,000 tokens. */
export const SNAPSHOT_CHARS = 40000;

/**
 * What of the notebook is shown to the model, in the notebook's order.
 *
 * Cells are taken from the active one outwards, so that what is left out, where the sources hold more than `chars`
 * characters together, is what is furthest from where the user works. The last cell that is taken may be cut.
 */
export function snapshot(
  path: string,
  cells: readonly CellSource[],
  activeCellId: string | null,
  chars: number = SNAPSHOT_CHARS
): NotebookContext {
  const active = cells.findIndex(cell => cell.cell_id === activeCellId);
  const center = active < 0 ? cells.length - 1 : active;
  const distance = (index: number) => Math.abs(index - center);
  const order = [...cells.keys()].sort((a, b) => distance(a) - distance(b));
  const taken = new Map<number, CellSource>();
  let left = chars;
  for (const index of order) {
    const cell = cells[index];
    taken.set(index, { ...cell, source: cell.source.slice(0, left) });
    left -= cell.source.length;
    if (left <= 0) {
      break;
    }
  }
  return {
    path,
    cells: cells.flatMap((_, index) => taken.get(index) ?? []),
    active_cell_id: active < 0 ? null : activeCellId
  };
}
