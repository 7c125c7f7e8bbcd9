import type { CellSource } from '../../events';
import { snapshot } from '../snapshot';

function cell(id: string, source: string): CellSource {
  return { cell_id: id, cell_type: 'code', source };
}

describe('snapshot', () => {
  const cells = ['a', 'b', 'c', 'd', 'e'].map(id => cell(id, id.repeat(10)));

  it('takes all cells, in order, while they fit', () => {
    expect(snapshot('x.ipynb', cells, 'c')).toEqual({
      path: 'x.ipynb',
      cells,
      active_cell_id: 'c'
    });
  });

  it('takes the active cell and its neighbours first', () => {
    const taken = snapshot('x.ipynb', cells, 'd', 30).cells;
    expect(taken.map(each => each.cell_id)).toEqual(['c', 'd', 'e']);
  });

  it('holds no more characters than it may, and cuts the last cell', () => {
    const taken = snapshot('x.ipynb', cells, 'a', 15).cells;
    expect(taken).toEqual([cells[0], cell('b', 'bbbbb')]);
  });

  it('takes the end of the notebook where no cell is active', () => {
    const { active_cell_id, cells: taken } = snapshot('', cells, null, 10);
    expect(active_cell_id).toBeNull();
    expect(taken).toEqual([cells[4]]);
  });

  it('names no active cell that is not there', () => {
    expect(snapshot('', cells, 'gone').active_cell_id).toBeNull();
    expect(snapshot('', [], null).cells).toEqual([]);
  });
});
