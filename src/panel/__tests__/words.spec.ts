import { nullTranslator } from '@jupyterlab/translation';

import { firstSentence, saysAll, titleOf } from '../titles';
import {
  count,
  duration,
  failure,
  fileName,
  hasHidden,
  problemOf,
  readable,
  visible
} from '../words';

const trans = nullTranslator.load('jupyter_codeact');

describe('failure', () => {
  it.each([
    ['KeyError', "'region'\nmore", "KeyError: 'region'"],
    ['KeyError', '', 'KeyError'],
    ['ERROR', 'Error in f(1): no\n', 'Error in f(1): no'],
    ['', '127', 'Exit status 127'],
    ['', 'Cell has trailing backslash', 'Cell has trailing backslash'],
    ['A\u202eB', '', 'A\\u202eB']
  ])('reads %j, %j as a line', (name, value, line) => {
    expect(failure(name, value, trans)).toBe(line);
  });
});

describe('titleOf', () => {
  it.each<[string, string, string]>([
    ['# Load the data\nx = 1', 'Prose.', 'Load the data'],
    ['\n\n## --- Plot ---\nx', '', 'Plot'],
    ['// Count them.\nlet x', '', 'Count them'],
    ['-- All rows\nSELECT 1', '', 'All rows'],
    ['#!/bin/sh\nls', 'List the files.', 'List the files'],
    ['# %% cell\nx', 'Look.', 'Look'],
    ['#####\nx', 'Look.', 'Look'],
    ['%matplotlib inline\nx', '', '%matplotlib inline'],
    ['x = 1 # not this', 'I **look** at `df`. Then more.', 'I look at df'],
    ['x = 1\ny = 2', '', 'x = 1'],
    ['', '', ''],
    ['x', '# Head\n\ntext', 'Head'],
    ['x', '1. [first](https://a.org) thing: done', 'first thing: done'],
    ['# a\u202eb', '', 'a\\u202eb']
  ])('of %j and %j is %j', (code, prose, title) => {
    expect(titleOf(code, prose)).toBe(title);
  });

  it('takes no time over a line of a megabyte', () => {
    const line = `x${'-'.repeat(1_000_000)}x`;
    const start = performance.now();
    expect(titleOf(`# ${line}`, line)).toBe('x');
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('is one line of bounded length', () => {
    expect(titleOf(`# ${'long '.repeat(100)}`, '').length).toBeLessThan(121);
  });
});

describe('saysAll', () => {
  it.each([
    ['Load the data.', true],
    ['**Load** the\n`data`:', true],
    ['Load the data. Then look.', false],
    ['Load the data\n\n- and look', false],
    ['Load [the data](https://a.org)', false],
    ['', false]
  ])('that %j has no more words than its title: %j', (prose, all) => {
    expect(saysAll(titleOf('x = 1', prose), prose)).toBe(all);
  });

  it('is not so where the code begins with its own title', () => {
    expect(saysAll(titleOf('# Read\nx', 'Load it.'), 'Load it.')).toBe(false);
  });
});

describe('firstSentence', () => {
  it('keeps the names of things whole', () => {
    expect(firstSentence('_Look_ at `my_table` and __all__.')).toBe(
      'Look at my_table and all'
    );
  });

  it('skips code and images, and does not end in a number', () => {
    expect(firstSentence('```\nx. y\n```\n![p](u) About 3.5 days. More')).toBe(
      'p About 3.5 days'
    );
  });
});

describe('readable', () => {
  it('writes out what deceives and keeps what languages need', () => {
    expect(readable('a\u202eb\u0007c\n\td\u200d\u200fe')).toBe(
      'a\\u202eb\\u0007c\n\td\u200d\u200fe'
    );
  });
});

describe('visible', () => {
  it.each([
    ['a\u202eb', 'a\\u202eb'],
    ['a\u200bb', 'a\\u200bb'],
    ['a\u0000b\u001b[0m', 'a\\u0000b\\u001b[0m'],
    ['\ufeffa', '\\ufeffa'],
    ['a\tb\nc', 'a\tb\nc'],
    ['\u05e9\u05dc\u05d5\u05dd', '\u05e9\u05dc\u05d5\u05dd'],
    ['\u{1f469}\u200d\u{1f52c}', '\u{1f469}\u200d\u{1f52c}']
  ])('of %j is %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(hasHidden(text)).toBe(text !== shown);
  });
});

describe('words', () => {
  it.each([
    [0, '< 0.1 s'],
    [0.049, '< 0.1 s'],
    [0.051, '0.1 s'],
    [0.84, '0.8 s'],
    [42.4, '42 s'],
    [59.7, '1 min 0 s'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min']
  ])('say %d seconds as %s', (seconds, words) => {
    expect(duration(seconds, trans)).toBe(words);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [1840, '1.8k'],
    [12_400, '12k'],
    [999_600, '1.0M']
  ])('say %d tokens as %s', (tokens, words) => {
    expect(count(tokens)).toBe(words);
  });

  it('name a file and a problem in one line', () => {
    expect(fileName('a/b/sales.ipynb')).toBe('sales.ipynb');
    expect(problemOf(new Error('one\ntwo'))).toBe('one');
    expect(problemOf('plain')).toBe('plain');
  });
});
