import type { ICodeCellModel } from '@jupyterlab/cells';
import { NotebookModel } from '@jupyterlab/notebook';

import { display, Journal, stream } from '../../client/__tests__/journal';
import { PROPOSED_CLASS } from '../cellMarks';
import { markOf } from '../marks';
import { Projector } from '../projector';

/** A notebook of the user's own cells `a` and `b`. */
function userNotebook(): NotebookModel {
  const notebook = new NotebookModel();
  const own = { metadata: {}, source: '' };
  notebook.fromJSON({
    cells: [
      { ...own, cell_type: 'code', id: 'a', outputs: [], execution_count: 1 },
      { ...own, cell_type: 'markdown', id: 'b' }
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  });
  notebook.sharedModel.clearUndoHistory();
  return notebook;
}

function ids(notebook: NotebookModel): string[] {
  return [...notebook.cells].map(cell => cell.id);
}

function code(notebook: NotebookModel, id: string): ICodeCellModel {
  const found = [...notebook.cells].find(cell => cell.id === id);
  return found as ICodeCellModel;
}

/** The notebook as its file would hold it, read again. */
function reloaded(notebook: NotebookModel): NotebookModel {
  const again = new NotebookModel();
  again.fromJSON(JSON.parse(notebook.toString()));
  return again;
}

describe('the projector', () => {
  let notebook: NotebookModel;
  let projector: Projector;
  let journal: Journal;

  const project = (trusted = false) =>
    projector.project(journal.state, trusted);
  const remove = (id: string) =>
    notebook.sharedModel.deleteCell(ids(notebook).indexOf(id));

  beforeEach(() => {
    notebook = userNotebook();
    projector = new Projector(notebook);
    journal = new Journal().run();
  });

  it('inserts cells after the one that they name, in order', () => {
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    journal.submit(2, 'c2', 'c1', '2');
    project();
    expect(ids(notebook)).toEqual(['a', 'c1', 'c2', 'b']);
    expect(markOf(code(notebook, 'c2'))).toEqual({
      conversation: 'talk',
      step: 2
    });
  });

  it('puts a cell that names none at the end', () => {
    journal.submit(1, 'c1', null, '1');
    project();
    expect(ids(notebook)).toEqual(['a', 'b', 'c1']);
  });

  it('puts a cell whose predecessor is gone after the last one that is there', () => {
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    journal.submit(2, 'c2', 'c1', '2').finish(2, 'c2');
    project();
    remove('c2');
    journal.submit(3, 'c3', 'c2', '3');
    project();
    expect(ids(notebook)).toEqual(['a', 'c1', 'c3', 'b']);
  });

  it('shows a running cell as JupyterLab does, and the number of one that ran', () => {
    journal.submit(1, 'c1', 'a', '1');
    project();
    expect(code(notebook, 'c1').executionState).toBe('running');
    journal.finish(1, 'c1', 7);
    project();
    expect(code(notebook, 'c1').executionState).toBe('idle');
    expect(code(notebook, 'c1').executionCount).toBe(7);
    expect(journal.state.cells['c1'].finished_at).toBe('2026-01-01T00:00:05Z');
    expect(code(notebook, 'c1').getMetadata('execution')).toEqual({
      'iopub.execute_input': '2026-01-01T00:00:04.900Z',
      'iopub.status.busy': '2026-01-01T00:00:04.900Z',
      'iopub.status.idle': '2026-01-01T00:00:05.000Z',
      'shell.execute_reply': '2026-01-01T00:00:05.000Z'
    });
  });

  it('has the effect of once, however often and wherever it runs', () => {
    journal.submit(1, 'c1', 'a', '1');
    journal.output('c1', stream('one\n')).output('c1', display('two'));
    project();
    project();
    journal.finish(1, 'c1');
    project();
    const before = notebook.toJSON();
    project();
    const again = reloaded(notebook);
    new Projector(again).project(journal.state, false);
    expect(notebook.toJSON()).toEqual(before);
    expect(again.toJSON()).toEqual(before);
    expect(code(again, 'c1').outputs.toJSON()).toEqual([
      stream('one\n'),
      display('two')
    ]);
  });

  it('catches up with what happened while the notebook was closed', () => {
    journal.submit(1, 'c1', 'a', '1').output('c1', stream('half'));
    project();
    const again = reloaded(notebook);
    journal.output('c1', stream('half and half'), 'replace').finish(1, 'c1');
    journal.submit(2, 'c2', 'c1', '2').finish(2, 'c2').end();
    expect(new Projector(again).project(journal.state, false)).toBe(true);
    expect(ids(again)).toEqual(['a', 'c1', 'c2', 'b']);
    expect(code(again, 'c1').outputs.toJSON()).toEqual([
      stream('half and half')
    ]);
  });

  it('never makes a deleted cell again, in this page or the next', () => {
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    project();
    remove('c1');
    project();
    journal.end();
    project();
    const again = reloaded(notebook);
    new Projector(again).project(journal.state, false);
    expect(ids(notebook)).toEqual(['a', 'b']);
    expect(ids(again)).toEqual(['a', 'b']);
  });

  it('leaves an insertion that the user undid undone', () => {
    journal.submit(1, 'c1', 'a', '1');
    project();
    notebook.sharedModel.undo();
    expect(ids(notebook)).toEqual(['a', 'b']);
    journal.finish(1, 'c1');
    project();
    expect(ids(notebook)).toEqual(['a', 'b']);
    expect(notebook.sharedModel.canUndo()).toBe(false);
  });

  it('leaves a cell that the user edited alone, and shows it idle at its end', () => {
    journal.submit(1, 'c1', 'a', '1');
    project();
    code(notebook, 'c1').sharedModel.setSource('mine');
    journal.output('c1', stream('theirs')).finish(1, 'c1', 3);
    project();
    const cell = code(notebook, 'c1');
    expect(cell.sharedModel.getSource()).toBe('mine');
    expect(cell.outputs.length).toBe(0);
    expect(cell.executionState).toBe('idle');
  });

  it('leaves a cell that the user ran again alone', () => {
    journal.submit(1, 'c1', 'a', '1').output('c1', stream('first'));
    journal.finish(1, 'c1', 3);
    project();
    code(notebook, 'c1').executionCount = 9;
    code(notebook, 'c1').outputs.clear();
    code(notebook, 'c1').outputs.add(stream('second'));
    journal.submit(2, 'c2', 'c1', '2');
    project();
    const again = reloaded(notebook);
    new Projector(again).project(journal.state, false);
    for (const each of [notebook, again]) {
      expect(code(each, 'c1').executionCount).toBe(9);
      expect(code(each, 'c1').outputs.toJSON()).toEqual([stream('second')]);
    }
  });

  it('does not bring cleared outputs of an ended run back', () => {
    journal.submit(1, 'c1', 'a', '1').output('c1', stream('x'));
    journal.finish(1, 'c1').end();
    project();
    code(notebook, 'c1').clearExecution();
    const again = reloaded(notebook);
    new Projector(again).project(journal.state, false);
    expect(code(again, 'c1').outputs.length).toBe(0);
  });

  it('keeps the ids of cells in the file of a notebook from before 4.5', () => {
    const old = new NotebookModel();
    old.fromJSON({
      cells: [],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 4
    });
    journal.submit(1, 'c1', null, '1');
    new Projector(old).project(journal.state, false);
    expect(ids(reloaded(old))).toContain('c1');
  });

  it('says when there is something worth saving', () => {
    journal.submit(1, 'c1', 'a', '1');
    expect(project()).toBe(false);
    journal.finish(1, 'c1');
    expect(project()).toBe(true);
    expect(project()).toBe(false);
    journal.end();
    expect(project()).toBe(true);
    expect(project()).toBe(false);
  });

  it('keeps the file in step with the page while outputs stream', () => {
    journal.submit(1, 'c1', 'a', '1').output('c1', stream('a'));
    project();
    for (const text of ['ab', 'abc\n', 'abc\nd']) {
      journal.output('c1', stream(text), 'replace');
      project();
    }
    const shared = code(notebook, 'c1').sharedModel;
    expect(shared.getOutputs()).toEqual([stream('abc\nd')]);
    journal.output('c1', null, 'clear').output('c1', display('new'));
    project();
    expect(shared.getOutputs()).toEqual([display('new')]);
  });

  it('leaves the cells from before a branch to the conversation that made them', () => {
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1').end();
    journal.run('r2').submit(2, 'c2', 'c1', '2').finish(2, 'c2').end('r2');
    project();
    remove('c2');
    const before = JSON.stringify(notebook.toJSON());
    const through_seq = journal.events.length;
    const branch = new Journal('branch', 'work.ipynb', {
      conversation_id: 'talk',
      seq: through_seq + 1,
      title: 'work',
      through_seq
    });
    for (const event of journal.events.slice(1)) {
      branch.append(event);
    }
    const other = new Projector(notebook);
    expect(other.project(branch.state, false)).toBe(false);
    expect(JSON.stringify(notebook.toJSON())).toBe(before);
    branch.run('r3').submit(3, 'c3', 'c1', '3').finish(3, 'c3').end('r3');
    other.project(branch.state, false);
    expect(ids(notebook)).toEqual(['a', 'c1', 'c3', 'b']);
    expect(markOf(code(notebook, 'c1'))?.conversation).toBe('talk');
    expect(markOf(code(notebook, 'c3'))?.conversation).toBe('branch');
  });

  describe('trust', () => {
    const html = {
      output_type: 'display_data',
      data: { 'text/html': '<b>x</b>' },
      metadata: {}
    };

    it('is not given to a cell that ran by itself, until the user gives it', () => {
      journal.submit(1, 'c1', 'a', '1').output('c1', html).finish(1, 'c1');
      project();
      expect(code(notebook, 'c1').trusted).toBe(false);
      expect(code(notebook, 'c1').outputs.get(0).trusted).toBe(false);
      projector.trust(journal.state);
      expect(code(notebook, 'c1').outputs.get(0).trusted).toBe(true);
    });

    it('is given to a cell that the user approved', () => {
      journal.propose(1, 'c1', 'a', '1').decide(1, 'approve', '1');
      journal.submit(1, 'c1', 'a', '1').output('c1', html).finish(1, 'c1');
      project();
      expect(code(notebook, 'c1').outputs.get(0).trusted).toBe(true);
    });
  });

  describe('a proposed cell', () => {
    beforeEach(() => {
      journal.propose(1, 'c1', 'a', 'risky()');
      project();
    });

    it('stands in its place, marked and not run', () => {
      expect(PROPOSED_CLASS).toBe('jp-CodeAct-proposed');
      expect(ids(notebook)).toEqual(['a', 'c1', 'b']);
      expect(markOf(code(notebook, 'c1'))?.proposed).toBe(true);
      expect(code(notebook, 'c1').executionState).toBe('idle');
    });

    it('is the same cell when it runs, with the text of the user', () => {
      code(notebook, 'c1').sharedModel.setSource('safe()');
      journal.decide(1, 'edit', 'safe()').submit(1, 'c1', 'a', 'safe()');
      journal.output('c1', stream('ok')).finish(1, 'c1');
      project();
      expect(ids(notebook)).toEqual(['a', 'c1', 'b']);
      expect(markOf(code(notebook, 'c1'))?.proposed).toBeUndefined();
      expect(code(notebook, 'c1').outputs.toJSON()).toEqual([stream('ok')]);
    });

    it('holds what ran when it was edited elsewhere', () => {
      journal.decide(1, 'edit', 'safe()').submit(1, 'c1', 'a', 'safe()');
      project();
      expect(code(notebook, 'c1').sharedModel.getSource()).toBe('safe()');
    });

    it('is gone when it was rejected', () => {
      journal.decide(1, 'reject');
      project();
      expect(ids(notebook)).toEqual(['a', 'b']);
    });

    it('is gone when its run ended without it', () => {
      journal.end();
      project();
      expect(ids(notebook)).toEqual(['a', 'b']);
    });

    it('is not proposed again after the user deleted it, and appears when it runs all the same', () => {
      remove('c1');
      project();
      const again = reloaded(notebook);
      new Projector(again).project(journal.state, false);
      expect(ids(again)).toEqual(['a', 'b']);
      journal.decide(1, 'approve', 'risky()');
      journal.submit(1, 'c1', 'a', 'risky()');
      project();
      expect(ids(notebook)).toEqual(['a', 'c1', 'b']);
    });
  });
});
