import { splitBlocks } from '../blocks';

describe('splitBlocks', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['blank lines alone', '\n \n', []],
    ['paragraphs', 'one\ntwo\n\nthree', ['one\ntwo', 'three']],
    ['many blank lines', 'one\n\n\n\ntwo\n', ['one', 'two']],
    ['a heading and a table', '# a\n\n| b |\n| - |', ['# a', '| b |\n| - |']],
    [
      'a fence with a blank line',
      '```\na\n\nb\n```\n\nc',
      ['```\na\n\nb\n```', 'c']
    ],
    [
      'a fence that is not closed',
      'a\n\n~~~py\nb\n\nc',
      ['a', '~~~py\nb\n\nc']
    ],
    ['a longer closing fence', '```\na\n`````\n\nb', ['```\na\n`````', 'b']],
    [
      'a shorter fence inside',
      '````\n```\n\n```\n````',
      ['````\n```\n\n```\n````']
    ],
    [
      'inline code that looks like a fence',
      '```a``` b\n\nc',
      ['```a``` b', 'c']
    ],
    ['a formula', '$$\na\n\nb\n$$\n\nc', ['$$\na\n\nb\n$$', 'c']],
    ['a formula on one line', '$$a$$\n\nb', ['$$a$$', 'b']],
    ['a loose list', '- a\n\n- b\n\nc', ['- a\n\n- b', 'c']],
    [
      'a list with a paragraph',
      '1. a\n\n   b\n\n2. c',
      ['1. a\n\n   b\n\n2. c']
    ],
    ['two kinds of lists', '- a\n\n1. b', ['- a', '1. b']],
    [
      'a fence in a list',
      '- ```\n  a\n\n  b\n  ```\n\nc',
      ['- ```\n  a\n\n  b\n  ```', 'c']
    ],
    ['indented code', '    a\n\n    b\n\nc', ['    a\n\n    b', 'c']]
  ])('cuts %s', (_, text, blocks) => {
    expect(splitBlocks(text)).toEqual(blocks);
  });

  it('never changes a finished block while text arrives', () => {
    const text =
      'one\n\n- a\n- b\n\n  c\n\n```py\nx\n\ny\n```\n\n$$\na\n\nb\n$$\n\n1. q\n\n2. r\n\nend';
    let before: string[] = [];
    for (let end = 0; end <= text.length; end += 1) {
      const blocks = splitBlocks(text.slice(0, end));
      const finished = before.slice(0, -1);
      expect(blocks.slice(0, finished.length)).toEqual(finished);
      before = blocks;
    }
    expect(before).toHaveLength(6);
  });
});
