import { nullTranslator } from '@jupyterlab/translation';

import { askedFor, slashAt, slashCommands } from '../slash';

const trans = nullTranslator.load('jupyter_codeact');

it.each([
  ['/', 1, ''],
  ['/Fi', 3, 'fi'],
  ['/fix it', 2, 'f'],
  ['/fix it', 7, null],
  ['please /fix', 11, null],
  ['/data/x.csv', 11, null],
  ['/data/x.csv', 3, null],
  ['', 0, null]
])('of %j, at %j, %j is typed of a command', (text, caret, typed) => {
  expect(slashAt(text, caret)).toBe(typed);
});

it.each([
  ['/fix', { name: 'fix', words: '' }],
  ['/Export  markdown ', { name: 'export', words: 'markdown' }],
  ['/new first\nsecond', { name: 'new', words: 'first\nsecond' }],
  ['/tmp is full', { name: 'tmp', words: 'is full' }],
  ['/data/x.csv is broken', null],
  ['/a.b', null],
  ['/2024 was good', null],
  ['fix /this', null]
])('%j asks for %j', (text, asked) => {
  expect(askedFor(text)).toEqual(asked);
});

it('knows the commands', () => {
  expect(slashCommands(trans).map(({ name }) => name)).toEqual([
    'fix',
    'explain',
    'new',
    'model',
    'export',
    'help'
  ]);
});
