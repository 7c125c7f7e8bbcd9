import { nullTranslator } from '@jupyterlab/translation';

import type { INamedCell } from '../../material';
import type { IMention } from '../mentions';
import {
  attachmentOf,
  bytes,
  fitting,
  mentionAt,
  named,
  ofCells,
  ofFiles,
  ofVariables
} from '../mentions';

const trans = nullTranslator.load('jupyter_codeact');

const variables = ofVariables([
  {
    name: 'sales',
    type: 'pandas.DataFrame',
    summary: '2 rows',
    columns: [
      { name: 'price', dtype: 'int64' },
      { name: 'unit cost', dtype: 'int64' },
      { name: 'the "best"', dtype: 'str' }
    ]
  },
  { name: 'price_list', type: 'list', summary: '', columns: [] },
  { name: 'n', type: 'int', summary: '1', columns: [] },
  { name: 'm', type: 'int', summary: '1', columns: [] }
]);

function cell(fields: Partial<INamedCell>): INamedCell {
  const plain = { id: 'a', type: 'code', number: null, place: 1, source: 'x' };
  return { ...plain, ...fields };
}

const names = (found: readonly IMention[]) => found.map(({ name }) => name);

describe('what is being named', () => {
  it.each([
    ['@', 1, { start: 0, text: '' }],
    ['about @sal', 10, { start: 6, text: 'sal' }],
    ['about @sal', 8, { start: 6, text: 's' }],
    ['(@df.pr', 7, { start: 1, text: 'df.pr' }],
    ['a\n@data/x', 9, { start: 2, text: 'data/x' }],
    ['mail me@example.org', 19, null],
    ['@sales now', 10, null],
    ['none', 4, null]
  ])('in %j at %j is %j', (text, caret, query) => {
    expect(mentionAt(text, caret)).toEqual(query);
  });

  it('is replaced by the name, with one space behind it', () => {
    const query = { start: 4, text: 'sa' };
    expect(named('see @sa', query, 'sales')).toEqual({
      text: 'see @sales ',
      caret: 11
    });
    expect(named('see @sa now', query, 'sales')).toEqual({
      text: 'see @sales now',
      caret: 11
    });
  });
});

describe('what can be named', () => {
  it('has columns as the kernel is asked for them', () => {
    expect(names(variables.filter(({ kind }) => kind === 'column'))).toEqual([
      'sales.price',
      'sales["unit cost"]',
      `sales['the "best"']`
    ]);
  });

  it('has cells by number or place, with their heading or first line, and none that is empty', () => {
    const cells = [
      cell({ number: 3, source: '\n\nimport os\nx' }),
      cell({ place: 2, source: '   ' }),
      cell({ type: 'markdown', place: 3, source: 'Intro\n\n## The *plan*' })
    ];
    expect(
      ofCells(cells, trans).map(({ name, detail }) => [name, detail])
    ).toEqual([
      ['cell[3]', 'import os'],
      ['cell#3', 'The plan']
    ]);
  });

  it('has the latest files first, by their size', () => {
    const file = { path: 'w/a.csv', name: 'a.csv', size: 2400000 };
    const found = ofFiles([
      { ...file, modified: '2026-01-01' },
      { ...file, name: 'b.csv', size: null, modified: '2026-02-01' }
    ]);
    expect(found.map(({ name, detail }) => [name, detail])).toEqual([
      ['b.csv', ''],
      ['a.csv', '2.4 MB']
    ]);
    expect([bytes(870), bytes(1800), bytes(999_999)]).toEqual([
      '870 B',
      '1.8 kB',
      '1.0 MB'
    ]);
  });

  it('is shown three of each kind before anything is typed', () => {
    const cells = ofCells([cell({ source: 'y' })], trans);
    const found = fitting([...variables, ...cells], '');
    expect(found.map(({ kind }) => kind)).toEqual([
      ...Array(3).fill('variable'),
      ...Array(3).fill('column'),
      'cell'
    ]);
  });

  it('fits by its beginning, then by its part, the best kind first', () => {
    const cells = ofCells(
      [cell({ number: 2, source: 'price = 1' }), cell({ source: 'z' })],
      trans
    );
    const all = [...variables, ...cells];
    expect(names(fitting(all, 'PRI'))).toEqual([
      'price_list',
      'sales.price',
      'cell[2]'
    ]);
    expect(names(fitting(all, 'unit'))).toEqual(['sales["unit cost"]']);
    expect(names(fitting(all, 'sales.'))).toEqual(['sales.price']);
    expect(names(fitting(all, 'cell[2'))).toEqual(['cell[2]']);
    expect(fitting(all, 'nothing')).toEqual([]);
  });
});

describe('what goes with the message', () => {
  it('is what the server reads by name, and a cell as the model knows cells', () => {
    const mention = (kind: IMention['kind']) => ({
      kind,
      name: 'n',
      detail: '',
      key: 'k',
      size: null
    });
    const none = { text: '', mime: '', data: '' };
    expect(attachmentOf(mention('column'))).toEqual({
      kind: 'variable',
      name: 'n',
      ...none
    });
    expect(attachmentOf(mention('file'))).toEqual({
      kind: 'file',
      name: 'k',
      ...none
    });
    const own = cell({ number: 2, source: 'x + 1' });
    expect(attachmentOf(mention('cell'), own, '3\n').text).toBe(
      '# cell a (code, [2])\nx + 1\n# output of cell a\n3'
    );
  });
});
