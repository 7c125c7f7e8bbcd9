import { CodeCellModel, MarkdownCellModel } from '@jupyterlab/cells';
import { nullTranslator } from '@jupyterlab/translation';

import { emptyState } from '../../client/fold';
import { Journal } from '../../client/__tests__/journal';
import { failureOf, fenced, nameOf, outputText } from '../naming';
import { provenance } from '../provenance';

const trans = nullTranslator.load('jupyter_codeact');

describe('what a message says of a cell', () => {
  const cell = new CodeCellModel({ id: 'abc' });

  it('names it by its number and its id', () => {
    expect(nameOf(cell, trans)).toBe('cell `abc`');
    cell.executionCount = 3;
    expect(nameOf(cell, trans)).toBe('cell [3] (`abc`)');
    const text = new MarkdownCellModel({ id: 'text' });
    expect(nameOf(text, trans)).toBe('cell `text`');
  });

  it('quotes its failure in one line, and its text', () => {
    expect(failureOf(cell)).toBeNull();
    cell.outputs.add({ output_type: 'stream', name: 'stdout', text: 'a\n' });
    cell.outputs.add({
      output_type: 'error',
      ename: 'KeyError',
      evalue: `'\u202ex'\nmore`,
      traceback: []
    });
    expect(failureOf(cell)).toBe("KeyError: '\\u202ex'");
    expect(outputText(cell)).toContain('a\n\nKeyError');
  });

  it('fences text so that nothing in it ends the fence', () => {
    expect(fenced('x', 'python')).toBe('```python\nx\n```\n');
    expect(fenced('a\n````\nb\n')).toBe('`````\na\n````\nb\n`````\n');
  });
});

describe('where a cell comes from', () => {
  const mark = { conversation: 'talk', step: 1 };
  const journal = () => new Journal().run().propose(1, 'c1', null, 'x');

  it.each([
    ['approve', 'Approved by you'],
    ['edit', 'Edited and approved by you']
  ] as const)('says who approved it: %s', (decision, words) => {
    const { state } = journal().decide(1, decision, 'y');
    expect(provenance(mark, state, trans).split('\n')).toEqual([
      'Made by CodeAct: ',
      'Step 1, written by scripted',
      words
    ]);
  });

  it('says that it ran by itself, or waits', () => {
    const { state } = new Journal().run().submit(1, 'c1', null, 'x');
    expect(provenance(mark, state, trans)).toContain('Ran without asking');
    const waits = provenance(
      { ...mark, proposed: true },
      journal().state,
      trans
    );
    expect(waits).toContain('Waits for your approval');
  });

  it('says less where its conversation is not known', () => {
    const less = 'Made by CodeAct, step 1';
    expect(provenance(mark, null, trans)).toBe(less);
    expect(provenance(mark, emptyState(), trans)).toBe(less);
  });
});
