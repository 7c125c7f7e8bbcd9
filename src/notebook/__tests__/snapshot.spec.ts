import type { IOutput } from '@jupyterlab/nbformat';

import type { OpenCell } from '../snapshot';
import { snapshot } from '../snapshot';

function cell(id: string, source: string, outputs: IOutput[] = []): OpenCell {
  return {
    cell_id: id,
    cell_type: 'code',
    source,
    execution_count: 1,
    outputs: () => outputs
  };
}

/** A cell as it is sent. */
function sent(id: string, source: string, outputs: IOutput[] = []) {
  return { ...cell(id, source), outputs };
}

describe('snapshot', () => {
  const cells = ['a', 'b', 'c', 'd', 'e'].map(id => cell(id, id.repeat(10)));

  it('takes all cells, in order, while they fit', () => {
    expect(snapshot('x.ipynb', cells, 'c')).toEqual({
      path: 'x.ipynb',
      cells: cells.map(({ cell_id, source }) => sent(cell_id, source)),
      active_cell_id: 'c',
      cells_left_out: 0
    });
  });

  it('takes the active cell and its neighbours first', () => {
    const taken = snapshot('x.ipynb', cells, 'd', 30);
    expect(taken.cells.map(each => each.cell_id)).toEqual(['c', 'd', 'e']);
    expect(taken.cells_left_out).toBe(2);
  });

  it('holds no more characters than it may, and cuts the last cell', () => {
    const taken = snapshot('x.ipynb', cells, 'a', 15).cells;
    expect(taken).toEqual([sent('a', 'a'.repeat(10)), sent('b', 'bbbbb')]);
  });

  it('takes the end of the notebook where no cell is active', () => {
    const { active_cell_id, cells: taken } = snapshot('', cells, null, 10);
    expect(active_cell_id).toBeNull();
    expect(taken).toEqual([sent('e', 'e'.repeat(10))]);
  });

  it('names no active cell that is not there', () => {
    expect(snapshot('', cells, 'gone').active_cell_id).toBeNull();
    expect(snapshot('', [], null).cells).toEqual([]);
  });

  it('counts outputs, and asks for none that have no room', () => {
    const output = {
      output_type: 'stream',
      name: 'stdout',
      text: 'x'.repeat(50)
    };
    const full = [cell('a', 'a', [output]), cell('b', 'b', [output])];
    const taken = snapshot('', full, 'b', 80).cells;
    expect(taken).toEqual([sent('b', 'b', [output])]);
    expect(snapshot('', full, 'b', 200).cells).toEqual([
      sent('a', 'a', [output]),
      sent('b', 'b', [output])
    ]);
  });
});
